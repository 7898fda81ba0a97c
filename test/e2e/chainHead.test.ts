import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { connectChain } from '../../src/chain/connect.ts'
import { getActivityCutoff } from '../../src/chain/getActivityCutoff.ts'
import { getHead } from '../../src/chain/getHead.ts'
import { startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { type EndpointLag, followEndpoints } from '../../src/validator/endpointLag.ts'

test('how far a node is, and from when on a validator is inactive, on chains of two generations', async () => {
  for (const [spec, cutoff] of [
    [430, Math.floor((13_889 * 100) / 1_000)],
    [393, 5_000],
  ] as const) {
    const localnet = await startLocalnet({ port: 0, interval: 'manual', spec })
    onTestFinished(() => localnet.close())
    await localnet.node.mine(7)
    const chain = await connectChain({ endpoints: [localnet.endpoint] })
    onTestFinished(() => chain.close())
    const best = localnet.node.head.header.number
    expect(await getHead(localnet.endpoint, { timeoutMs: 10_000 })).toEqual({ best, finalised: best })
    expect(await getActivityCutoff(chain, { netuid: 1 })).toBe(cutoff)
  }
})

test('a node that is none, or says nothing, has no head', async () => {
  const mute = createServer()
  mute.listen(0, '127.0.0.1')
  await once(mute, 'listening')
  onTestFinished(() => void mute.close())
  const at = (server: { address(): unknown }): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await getHead(at(mute), { timeoutMs: 200 })).toEqual({ problem: 'no answer within 200 ms' })
  const answers = ['{"id":0,"result":"0x00"}', '{"id":1,"result":{"number":12}}']
  const liar = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  liar.on('connection', (socket) => socket.on('message', () => socket.send(answers.shift() ?? 'what?')))
  await once(liar, 'listening')
  onTestFinished(() => void liar.close())
  expect(await getHead(at(liar), { timeoutMs: 5_000 })).toEqual({
    problem: 'its answer is not that of a node: block number 12',
  })
})

test('of two endpoints the one that is behind is found', async () => {
  const nodes = await Promise.all([1, 2].map(() => startLocalnet({ port: 0, interval: 'manual' })))
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))))
  await nodes[1]!.node.mine(9)
  const stop = new AbortController()
  const endpoints = nodes.map(({ endpoint }) => endpoint)
  const lags = await new Promise<readonly EndpointLag[]>((resolve) => {
    void followEndpoints(endpoints, { everyMs: 60_000, signal: stop.signal, onLags: resolve })
  })
  stop.abort()
  expect(lags).toEqual([
    { endpoint: endpoints[0], bestBlocks: 9, finalisedBlocks: 9 },
    { endpoint: endpoints[1], bestBlocks: 0, finalisedBlocks: 0 },
  ])
})
