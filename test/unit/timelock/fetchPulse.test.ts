import { getEventListeners } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fetchPulse } from '../../../src/timelock/fetchPulse.ts'

async function serving(serve: RequestListener): Promise<{ endpoint: string; chainHash: string; round: 'latest' }> {
  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, chainHash: 'ab', round: 'latest' }
}

test('pulse after pulse leaves nothing at a signal that lives as long as the process', async () => {
  const joined = vi.spyOn(AbortSignal, 'any')
  onTestFinished(() => joined.mockRestore())
  const stop = new AbortController()
  const body = JSON.stringify({ round: 7, signature: '0a'.repeat(48) })
  const good = await serving((_request, response) => response.end(body))
  expect((await fetchPulse({ ...good, signal: stop.signal })).round).toBe(7)
  const mute = await serving(() => undefined)
  await expect(fetchPulse({ ...mute, signal: stop.signal, timeoutMs: 50 })).rejects.toThrow(
    /no whole answer within 50 ms/,
  )
  const stopped = fetchPulse({ ...mute, signal: stop.signal })
  stop.abort(new Error('it stops'))
  await expect(stopped).rejects.toThrow(/it stops/)
  expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  // What it makes is kept as long as the longest-lived of its sources.
  expect(joined).not.toHaveBeenCalled()
})

test('an answer without an end is not read to it', async () => {
  const piece = Buffer.alloc(64 * 1024, ' ')
  let sent = 0
  const endless = await serving((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(piece)) sent += piece.length
    }
    response.on('drain', more)
    more()
  })
  await expect(fetchPulse(endless)).rejects.toThrow(/it sends more than 65536 bytes/)
  expect(sent).toBeLessThan(64 * 1024 * 1024)
})
