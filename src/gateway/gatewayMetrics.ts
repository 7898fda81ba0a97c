import { Metrics } from '../base/metrics.ts'
import type { GatewayStatus } from './startGateway.ts'

/** A gateway's figures, read from its status at each scrape. */
export function gatewayMetrics(status: () => Pick<GatewayStatus, 'requests' | 'domains'>): Metrics {
  const metrics = new Metrics()
  metrics.read('counter', 'faculty_gateway_requests_total', 'Requests by outcome.', () => {
    const { ok, failed } = status().requests
    return [
      { value: ok, labels: { outcome: 'ok' } },
      { value: failed, labels: { outcome: 'failed' } },
    ]
  })
  // Not by name: miners choose the names, and each would be a series that Prometheus keeps for good.
  metrics.read('gauge', 'faculty_gateway_domains', 'Domains with a miner in reach.', () => status().domains.length)
  return metrics
}
