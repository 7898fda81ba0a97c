import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkAxon, type Stage } from '../../src/cli/miner/checkAxon.ts'
import type { Target } from '../../src/dendrite/target.ts'
import { announcedIp } from '../../src/wire/axonAddress.ts'
import { ed25519Algorithm } from '../../src/wire/axonCertificate.ts'
import { fingerprint, genesis, netuid, signerOf } from '../unit/axon/axonWorld.ts'
import { fakeAxon } from '../unit/dendrite/fakeAxon.ts'

const bob = await signerOf('//Bob')
const stranger = await signerOf('//Stranger')

/** Checks an axon as the chain would describe it. */
async function check({ host, port, publicKey, hotkey }: Target, more: { timeoutMs?: number } = {}): Promise<Stage[]> {
  const neuron = {
    hotkey: hotkey as never,
    axon: { ...announcedIp(host), port, version: 1, block: 1n },
    certificate: { algorithm: ed25519Algorithm, publicKey },
  }
  const stages: Stage[] = []
  const options = { neuron, genesis, netuid, caller: bob, stranger, timeoutMs: 2_000, ...more }
  for await (const stage of checkAxon(options)) stages.push(stage)
  return stages
}

const sequence = '\u001b]0;owned\u0007\u001b[2J\u009b31m'
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/

test('a miner that answers with escape sequences does not reach the terminal of the one who checks it', async () => {
  const names = await fakeAxon({
    onHello: (ws, welcome) =>
      ws.send(JSON.stringify({ ...welcome, models: [{ domain: 'law', name: `x${sequence}\n1`, fingerprint }] })),
    onAsk: (ws, { id }) =>
      ws.send(JSON.stringify({ type: 'error', id, code: 'failed', message: `no${sequence}\r\nrow` })),
  })
  const stages = await check(names.target)
  expect(stages.slice(-2)).toMatchObject([
    { name: 'hello', outcome: 'ok', detail: expect.stringContaining('law by x') },
    { name: 'answer', outcome: 'failed', detail: expect.stringContaining('no') },
  ])
  const refusing = await fakeAxon({
    onHello: (ws) => ws.send(JSON.stringify({ type: 'error', code: 'denied', message: `go${sequence}` })),
  })
  const refused = await check(refusing.target)
  expect(refused.at(-1)).toMatchObject({ name: 'hello', outcome: 'failed' })
  for (const { detail } of [...stages, ...refused]) expect(detail).not.toMatch(controls)
})

test('an axon that takes the connection and then says nothing holds a check up no longer than its time', async () => {
  const open = new Set<Socket>()
  const mute = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    mute.close()
  })
  const silent = await fakeAxon({ onHello: () => undefined })
  const { port } = mute.address() as { port: number }
  expect((await check({ ...silent.target, port }, { timeoutMs: 200 })).at(-1)).toMatchObject({
    name: 'tls',
    outcome: 'failed',
  })
  expect((await check(silent.target, { timeoutMs: 200 })).at(-1)).toMatchObject({ name: 'hello', outcome: 'failed' })
})
