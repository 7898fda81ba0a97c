import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Dendrite } from '../../../src/dendrite/dendrite.ts'
import type { LoadedMiner } from '../../../src/domain/load.ts'
import { manifestSchema } from '../../../src/domain/manifest.ts'
import { remoteFingerprint } from '../../../src/engine/openai.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner } from '../../../src/keys/signer.ts'
import { chooseModel, chooseUpstreamModel, manifestDevice } from '../../../src/miner/chooseModel.ts'
import type { MinerUpstream } from '../../../src/miner/openModel.ts'
import { startMiner } from '../../../src/miner/startMiner.ts'
import { dialects, model, says, startInferenceServer, stream } from '../engine/inferenceServer.ts'
import { genesis, keptLog, MemoryChain, until } from './memoryChain.ts'

const netuid = 3
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function minerOf(models: object, definition: Partial<LoadedMiner['definition']> = {}): LoadedMiner {
  const text = [{ name: 'text', kind: 'text' }]
  const manifest = { format: 'faculty-manifest/1', title: 'Judge', inputs: text, outputs: text, models }
  return { definition: { domains: ['law'], ...definition }, manifest: manifestSchema.parse(manifest), folder: '/none' }
}

/** A miner that forwards, and a caller. */
async function world(upstream: MinerUpstream) {
  const folder = await mkdtemp(join(tmpdir(), 'faculty-upstream-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  const [miner, caller] = (await Promise.all(['//Miner', '//Caller'].map((uri) => pairFromUri(uri)))).map(localSigner)
  const chain = new MemoryChain([miner!.address, caller!.address])
  const { log, lines } = keptLog()
  const started = await startMiner(
    {
      miner: minerOf({ judge: { upstream: model } }),
      devices: ['cpu'],
      upstream,
      netuid,
      hotkey: miner!.address,
      axonKeyPath: join(folder, 'key.pem'),
      connect: async () => chain,
      listen: { host: '127.0.0.1', port: 0 },
      announce: { host: '127.0.0.1' },
      log,
    },
    new AbortController().signal,
  )
  closers.push(() => started!.stop())
  await until(() => chain.announced.length > 0, 'announced')
  const { port, certificate } = chain.announced[0]!
  const dendrite = new Dendrite({ signer: caller!, genesis, netuid })
  closers.push(() => dendrite.close())
  const session = dendrite.session({
    host: '127.0.0.1',
    port,
    publicKey: certificate.subarray(1),
    hotkey: miner!.address,
  })
  const request = { messages: [{ role: 'user' as const, content: 'Is it?' }], maxTokens: 20, temperature: 0 }
  return { ask: () => session.askOnce(request, { domain: 'law', timeoutMs: 10_000 }), miner: started!, lines }
}

describe('a miner that forwards', () => {
  it('answers with the server’s text and a receipt for the model that the manifest names', async () => {
    const server = await startInferenceServer(dialects.tgi)
    closers.push(() => server.close())
    const { ask, miner } = await world({ urls: [server.url], key: 'sk-secret' })
    const answer = await ask()
    expect(answer.text).toBe('Yes, it is.')
    expect(answer.receipt).toMatchObject({ modelFingerprint: remoteFingerprint(model) })
    expect(miner.status()).toMatchObject({ device: server.url.host, models: [{ name: model }], answered: 1 })
    expect(server.asked.map(({ authorization }) => authorization)).toEqual(['Bearer sk-secret'])
  })

  it('takes over from a server that dies before its answer, and keeps the key out of its log', async () => {
    const [dying, living] = [await startInferenceServer(), await startInferenceServer()]
    closers.push(
      () => dying.close(),
      () => living.close(),
    )
    const { ask, lines } = await world({ urls: [dying.url, living.url], key: 'sk-secret' })
    await dying.close()
    for (let i = 0; i < 4; i++) expect((await ask()).text).toBe('Yes, it is.')
    expect(living.asked.length).toBe(4)
    living.next.push((response) => stream(response, ['data: {"error": {"message": "out of memory"}}\n\n']))
    await ask().catch((error: unknown) => error)
    expect(lines.join('\n')).not.toContain('sk-secret')
  })

  it('is busy where its server has too much to do, and passes on when to come back', async () => {
    const server = await startInferenceServer()
    closers.push(() => server.close())
    const { ask, miner } = await world({ urls: [server.url] })
    server.next.push(says(429, 'slow down', { 'retry-after': '20' }))
    await expect(ask()).rejects.toMatchObject({
      failure: { code: 'unanswered', reason: 'busy', retryAfterMs: 20_000 },
    })
    expect(miner.status().unanswered).toBe(1)
  })

  it('does not start where the server serves another model', async () => {
    const server = await startInferenceServer()
    closers.push(() => server.close())
    await expect(world({ urls: [server.url], model: 'other' })).rejects.toMatchObject({
      failure: { code: 'wrong-model', wanted: 'other', served: ['base', model] },
    })
  })
})

describe('the model to forward to', () => {
  it('is the one named, else the manifest’s', () => {
    const miner = minerOf({ local: { folder: 'x' }, judge: { upstream: 'Judge-7B' } })
    expect(chooseUpstreamModel(miner, { upstreamModel: 'Other' })).toBe('Other')
    expect(chooseUpstreamModel(miner, { model: 'judge' })).toBe('Judge-7B')
    expect(() => chooseUpstreamModel(miner, {})).toThrow('--upstream.model is missing')
    const idle = minerOf({}, { model: 'none' })
    expect(() => chooseUpstreamModel(idle, { upstreamModel: 'x' })).toThrow('--upstream')
    expect(() => chooseModel(miner, 'judge')).toThrow('--upstream is missing')
  })

  it.each([{}, { folder: 'a', upstream: 'b' }, { device: 'cpu' }])('cannot be %j in a manifest', (entry) => {
    expect(() => minerOf({ judge: entry })).toThrow('give {')
  })
})

describe('the devices of a model', () => {
  it('are those of the manifest where no flag says', () => {
    const miner = minerOf({ small: { folder: 'x' }, large: { folder: 'y', device: 'cuda:0,cuda:1' } })
    expect([manifestDevice(miner), manifestDevice(miner, 'large'), manifestDevice(miner, './path')]).toEqual([
      undefined,
      'cuda:0,cuda:1',
      undefined,
    ])
  })
})
