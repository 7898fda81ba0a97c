import type { Metrics } from './metrics.ts'

const lookMs = 500
const lagBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * What any program tells of itself: memory, processor time, and how late its event loop is. The names are those that
 * Prometheus' client libraries use, so that ready-made dashboards find them.
 *
 * @returns a function that ends the measuring
 */
export function addProcessMetrics(metrics: Metrics): () => void {
  const startedAtSeconds = Date.now() / 1_000 - process.uptime()
  metrics.read('gauge', 'process_start_time_seconds', 'Unix time of the start.', () => startedAtSeconds)
  metrics.read('counter', 'process_cpu_seconds_total', 'Processor time used, user and system.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  metrics.read('gauge', 'process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
  metrics.read('gauge', 'nodejs_heap_size_used_bytes', 'JavaScript heap in use.', () => process.memoryUsage().heapUsed)
  const lag = metrics.histogram(
    'faculty_event_loop_lag_seconds',
    `How much later than due a timer fired, looked at every ${lookMs} ms.`,
    lagBounds,
  )
  let dueAtMs = performance.now() + lookMs
  const timer = setInterval(() => {
    const nowMs = performance.now()
    lag.observe(Math.max(0, nowMs - dueAtMs) / 1_000)
    dueAtMs = nowMs + lookMs
  }, lookMs)
  timer.unref()
  return () => clearInterval(timer)
}
