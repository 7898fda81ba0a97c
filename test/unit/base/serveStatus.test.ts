import { expect, test } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { Metrics } from '../../../src/base/metrics.ts'
import { serveStatus } from '../../../src/base/serveStatus.ts'

test('the window shows status, health and figures, and says what else there is not', async () => {
  let faults: string[] = []
  const metrics = new Metrics()
  metrics.counter('asks_total', 'Asks.').add(5)
  const server = await serveStatus({ port: 0, status: () => ({ rao: 10n ** 18n }), faults: () => faults, metrics })
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
    return [response.status, await response.text()]
  }
  try {
    expect(await get('/status?x')).toEqual([200, '{"rao":"1000000000000000000"}'])
    expect(await get('/healthz')).toEqual([200, '{"ok":true}'])
    faults = ['draining']
    expect(await get('/healthz')).toEqual([503, '{"ok":false,"faults":["draining"]}'])
    const [code, text] = await get('/metrics')
    expect(code).toBe(200)
    expect(text).toContain('\nasks_total 5\n')
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m)
    expect(text).toContain('\nfaculty_event_loop_lag_seconds_bucket{le="+Inf"} ')
    expect(await get('/other')).toEqual([404, '{"error":"no /other here; there are /status, /healthz, /metrics"}'])
    expect((await get('/status', 'POST'))[0]).toBe(405)
  } finally {
    await server.close()
  }
})

test('without figures there is no /metrics, and a status that throws is an error of its own', async () => {
  const server = await serveStatus({
    port: 0,
    status: () => {
      throw new Error('not now')
    },
  })
  try {
    const at = `http://127.0.0.1:${server.port}`
    expect((await fetch(`${at}/metrics`)).status).toBe(404)
    const response = await fetch(`${at}/status`)
    expect([response.status, await response.text()]).toEqual([500, '{"error":"not now"}'])
    await expect(serveStatus({ port: server.port, status: () => ({}) })).rejects.toThrow('--status.port')
  } finally {
    await server.close()
  }
})

test('further pages are asked with a query; what they cannot use is the asker’s fault', async () => {
  const page = (query: URLSearchParams): unknown => {
    if (query.get('uid') === '9') throw new InputError('--uid', 9, 'there are 1, 2')
    return { uid: query.get('uid') }
  }
  const server = await serveStatus({ port: 0, status: () => ({}), pages: { '/scores': page } })
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
    return [response.status, await response.json()]
  }
  try {
    expect(await get('/scores')).toEqual([200, { uid: null }])
    expect(await get('/scores?uid=7&x=1')).toEqual([200, { uid: '7' }])
    expect(await get('/scores?uid=9')).toEqual([400, { error: '--uid: 9 cannot be used (there are 1, 2)' }])
    expect(await get('/toString')).toEqual([404, { error: 'no /toString here; there are /status, /healthz, /scores' }])
  } finally {
    await server.close()
  }
})
