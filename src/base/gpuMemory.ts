import { execFile } from 'node:child_process'
import type { Metrics, Sample } from './metrics.ts'

export interface GpuMemory {
  readonly index: string
  readonly usedBytes: number
  readonly totalBytes: number
}

const bytesPerMebibyte = 1024 * 1024
const query = ['--query-gpu=index,memory.used,memory.total', '--format=csv,noheader,nounits']

/**
 * Adds the memory of the machine's NVIDIA GPUs, all processes together, as the driver's own tool tells it. Where that tool
 * is missing or fails there are no such figures.
 *
 * @param options `command` defaults to `nvidia-smi`
 * @returns a function that ends the reading
 */
export function addGpuMemory(metrics: Metrics, options: { command?: string; everyMs?: number } = {}): () => void {
  const { command = 'nvidia-smi', everyMs = 10_000 } = options
  let gpus: readonly GpuMemory[] = []
  const look = (): void => {
    execFile(command, query, { timeout: everyMs }, (error, stdout) => {
      gpus = error === null ? readGpuMemory(stdout) : []
    })
  }
  const samples = (value: (gpu: GpuMemory) => number) => (): Sample[] =>
    gpus.map((gpu) => ({ value: value(gpu), labels: { gpu: gpu.index } }))
  metrics.read(
    'gauge',
    'faculty_gpu_memory_used_bytes',
    'Memory in use, by all processes.',
    samples((gpu) => gpu.usedBytes),
  )
  metrics.read(
    'gauge',
    'faculty_gpu_memory_total_bytes',
    'Memory that the GPU has.',
    samples((gpu) => gpu.totalBytes),
  )
  look()
  const timer = setInterval(look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Lines of `index, used, total`, amounts in MiB; lines of another form (`[N/A]`) are left out. */
export function readGpuMemory(text: string): GpuMemory[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*$/.exec(line)
    if (match === null) return []
    const [, index, used, total] = match
    return [{ index: index!, usedBytes: Number(used) * bytesPerMebibyte, totalBytes: Number(total) * bytesPerMebibyte }]
  })
}
