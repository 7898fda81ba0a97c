import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startLocalnet } from '../../src/localnet/startLocalnet.ts'

const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

test('a peer that is turned away is let go, though it does not close its side', async () => {
  const localnet = await startLocalnet({ port: 0, interval: 'manual', limits: { connections: 0 } })
  onTestFinished(() => localnet.close())
  const socket = connect({ port: localnet.port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.write(upgrade)
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
  expect(answer).toContain('429')
  await new Promise<void>((resolve) => socket.once('end', resolve))
  // What is written to a socket that nobody holds any more is answered with a reset.
  const reset = new Promise<unknown>((resolve) => socket.once('error', resolve))
  const timer = setInterval(() => socket.write('.'), 10)
  expect(await reset).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) })
  clearInterval(timer)
})

test('a peer that is turned away and resets its connection does not end the node', async () => {
  const localnet = await startLocalnet({ port: 0, interval: 'manual', limits: { connections: 0 } })
  for (let i = 0; i < 20; i++) {
    const socket = connect(localnet.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    socket.write(upgrade)
    if (i % 2 === 0) await new Promise<void>((resolve) => socket.once('data', () => resolve()))
    socket.resetAndDestroy()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await new Promise<void>((resolve) => setTimeout(resolve, 50))
  expect(await localnet.mine()).toMatchObject({ number: 1 })
  await localnet.close()
})
