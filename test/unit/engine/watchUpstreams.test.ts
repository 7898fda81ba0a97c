import { expect, onTestFinished, test, vi } from 'vitest'
import { type CircuitState, closedCircuit, nextCircuit } from '../../../src/engine/circuit.ts'
import type { Upstream } from '../../../src/engine/upstream.ts'
import { watchUpstreams } from '../../../src/engine/watchUpstreams.ts'

test('a server is looked at as often when the machine’s clock is put back', async () => {
  let circuit: CircuitState = closedCircuit
  let looks = 0
  const upstream: Upstream = {
    url: 'http://inference:8000/v1',
    inFlight: () => 0,
    circuit: () => circuit,
    isAvailable: () => true,
    note: (event) => {
      circuit = nextCircuit(circuit, event)
    },
    get: async () => {
      looks++
      return JSON.stringify({ data: [{ id: 'm', max_model_len: 64 }] })
    },
    ask: () => expect.unreachable(),
    close: async () => undefined,
  }
  const stop = new AbortController()
  const watching = watchUpstreams({
    upstreams: [upstream],
    model: 'm',
    everyMs: 10,
    signal: stop.signal,
    onNote: () => 0,
  })
  const hourAgo = Date.now() - 3_600_000
  const clock = vi.spyOn(Date, 'now').mockReturnValue(hourAgo)
  onTestFinished(() => clock.mockRestore())
  await vi.waitFor(() => expect(looks).toBeGreaterThan(2), { timeout: 2_000 })
  stop.abort()
  await watching
})
