import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ChainError } from '../../../src/chain/chainError.ts'
import { Dendrite } from '../../../src/dendrite/dendrite.ts'
import type { Answer, AskRequest, Target } from '../../../src/dendrite/target.ts'
import type { MinerDefinition } from '../../../src/domain/defineMiner.ts'
import { type LoadedMiner, loadMiner } from '../../../src/domain/load.ts'
import { modelFingerprint } from '../../../src/engine/modelFingerprint.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../../src/keys/signer.ts'
import type { MinerOptions, MinerStatus } from '../../../src/miner/miner.ts'
import { readNameList } from '../../../src/miner/nameList.ts'
import { runMiner } from '../../../src/miner/run.ts'
import { startMiner } from '../../../src/miner/startMiner.ts'
import { noModel } from '../../../src/wire/receipt.ts'
import { workingScript, writeTinyModel } from '../engine/tinyModel.ts'
import { genesis, keptLog, MemoryChain, neuron, until } from './memoryChain.ts'

const netuid = 3
let folder: string
let miner: Signer
let caller: Signer
let stranger: Signer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-miner-'))
  await writeTinyModel(join(folder, 'expert'), { kind: 'script', script: workingScript('yes') })
  await writeTinyModel(join(folder, 'novice'), { kind: 'script', script: workingScript('no') })
  const signers = await Promise.all(['//Miner', '//Caller', '//Stranger'].map((uri) => pairFromUri(uri)))
  ;[miner, caller, stranger] = signers.map(localSigner) as [Signer, Signer, Signer]
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

function loaded(definition: Partial<MinerDefinition> = {}): LoadedMiner {
  const models = { expert: { folder: 'expert' }, novice: { folder: 'novice' } }
  const text = [{ name: 'text', kind: 'text' as const }]
  return {
    definition: { domains: ['law'], ...definition },
    manifest: { format: 'faculty-manifest/1', title: 'Tiny', inputs: text, outputs: text, models },
    folder,
  }
}

interface Setting extends Partial<MinerOptions> {
  readonly chain: MemoryChain
}

function optionsOf({ chain, ...more }: Setting) {
  const kept = keptLog()
  const options: MinerOptions = {
    miner: loaded(),
    devices: ['cpu'],
    netuid,
    hotkey: miner.address,
    axonKeyPath: join(folder, 'axons', 'key.pem'),
    connect: async () => chain,
    listen: { host: '127.0.0.1', port: 0 },
    announce: { host: '127.0.0.1' },
    log: kept.log,
    refreshMs: 50,
    retryMs: 20,
    ...more,
  }
  return { options, lines: kept.lines }
}

async function start(setting: Setting) {
  const { options, lines } = optionsOf(setting)
  const started = await startMiner(options, new AbortController().signal)
  if (started === undefined) throw new Error('the miner did not start')
  stops.push(() => started.stop())
  return { ...started, lines }
}

/** One for each caller, as in the programs. */
const dendrites = new Map<string, Dendrite>()
function dendriteOf(signer: Signer): Dendrite {
  const made = dendrites.get(signer.address) ?? new Dendrite({ signer, genesis, netuid })
  if (dendrites.get(signer.address) === made) return made
  dendrites.set(signer.address, made)
  stops.push(async () => {
    dendrites.delete(signer.address)
    made.close()
  })
  return made
}

function refusal(name: string): ChainError {
  const call = 'SubtensorModule.serve_axon_tls'
  return new ChainError(`${call} failed: ${name}`, { code: 'dispatch', name: `SubtensorModule.${name}`, call })
}

/** Asks as a validator would: with the address and key from the chain. */
async function ask(chain: MemoryChain, signer: Signer, request: Partial<AskRequest> = {}, domain = 'law') {
  await until(() => chain.announced.length > 0, 'announced')
  const { port, certificate } = chain.announced.at(-1)!
  const target: Target = { host: '127.0.0.1', port, publicKey: certificate.subarray(1), hotkey: miner.address }
  const dendrite = dendriteOf(signer)
  const whole: AskRequest = {
    messages: [{ role: 'user', content: 'six times seven?' }],
    maxTokens: 64,
    temperature: 0,
    ...request,
  }
  return dendrite.session(target).askOnce(whole, { domain, timeoutMs: 10_000 })
}

describe('a miner', () => {
  it('answers over its announced address with its model’s text and a receipt for that model', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const { status } = await start({ chain })
    const answer: Answer = await ask(chain, caller)
    const fingerprint = await modelFingerprint(join(folder, 'expert'))
    expect(answer.text).toBe(' <calc>6*7</calc>=42\nAnswer: yes')
    expect(answer.receipt).toMatchObject({ miner: miner.address, modelFingerprint: fingerprint, domain: 'law' })
    expect(chain.announced).toHaveLength(1)
    // The chain refuses 127.0.0.1 as such, so it goes there inside IPv6.
    expect(chain.announced[0]).toMatchObject({ ip: 0xffff_7f00_0001n, ipType: 6 })
    expect(status()).toMatchObject({
      role: 'miner',
      hotkey: miner.address,
      uid: 0,
      domains: ['law'],
      models: [{ domain: 'law', fingerprint }],
      device: 'cpu',
      answered: 1,
      unanswered: 0,
    } satisfies Partial<Record<keyof MinerStatus, unknown>>)
  })

  it('serves the model that was asked for, by name or by path', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    await start({ chain, model: 'novice' })
    expect((await ask(chain, caller)).text).toMatch(/Answer: no$/)
    const other = new MemoryChain([miner.address, caller.address])
    await start({ chain: other, model: join(folder, 'novice') })
    expect((await ask(other, caller)).text).toMatch(/Answer: no$/)
  })

  it('answers many asks side by side', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    await start({ chain })
    const answers = await Promise.all(Array.from({ length: 24 }, () => ask(chain, caller)))
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([' <calc>6*7</calc>=42\nAnswer: yes']))
  })

  it('tells the caller what is wrong with a request, and nothing of its own failures', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const { lines, status } = await start({ chain })
    const long = { messages: [{ role: 'user' as const, content: 'x'.repeat(600) }] }
    await expect(ask(chain, caller, long)).rejects.toMatchObject({
      message: expect.stringContaining('the prompt has'),
      failure: { code: 'unanswered', reason: 'bad-request' },
    })
    expect(status().unanswered).toBe(1)
    const failing = new MemoryChain([miner.address, caller.address])
    const second = await start({
      chain: failing,
      miner: loaded({
        // biome-ignore lint/correctness/useYield: it fails before it has anything to say
        async *answer() {
          throw new Error('the secret path /root/model')
        },
      }),
    })
    const error = await ask(failing, caller).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ failure: { code: 'unanswered', reason: 'failed' } })
    expect(String(error)).not.toContain('secret')
    expect(second.lines).toContainEqual('error: unanswered')
    expect(lines).not.toContainEqual('error: unanswered')
  })

  it('lets a definition answer by itself, with the engine at hand', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const definition: Partial<MinerDefinition> = {
      domains: ['law', 'finance'],
      async *answer(request, { engine, domain, signal }) {
        yield { type: 'text', text: `${domain}:` }
        yield* engine!.generate(request, signal)
      },
    }
    await start({ chain, miner: loaded(definition) })
    const { text } = await ask(chain, caller, {}, 'finance')
    expect(text).toBe('finance: <calc>6*7</calc>=42\nAnswer: yes')
  })

  it('without a model is the freeloader: a guess at once for each domain, its receipt naming no model', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const { status } = await start({ chain, miner: await loadMiner('freeloader') })
    for (const domain of ['law', 'medicine', 'finance']) {
      const { text, receipt } = await ask(chain, caller, {}, domain)
      expect(text).toMatch(/^Answer: .+$/)
      expect(receipt?.modelFingerprint).toBe(noModel)
    }
    expect(status()).toMatchObject({ device: 'none', models: [], answered: 3 })
  })
})

describe('admission', () => {
  it('refuses a hotkey that is not on the subnet and takes it once it has registered', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    await start({ chain, refreshMs: 600_000 })
    await expect(ask(chain, stranger)).rejects.toMatchObject({ failure: { reason: 'unknown-hotkey' } })
    chain.neurons = [...chain.neurons, neuron(2, stranger.address)]
    // The refusal made the miner look again, long before its next look was due.
    await until(() => chain.reads > 1, 'a second look')
    // The caller's session rests after a refusal before it tries again.
    dendriteOf(stranger).keepOnly([])
    expect((await ask(chain, stranger)).text).toMatch(/yes$/)
  })

  it('goes on with the last view while the chain is away', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const { lines } = await start({ chain })
    await until(() => chain.announced.length === 1, 'announced')
    chain.readError = new Error('gone')
    const before = chain.reads
    await until(() => chain.reads > before + 2, 'three looks')
    expect((await ask(chain, caller)).text).toMatch(/yes$/)
    chain.readError = undefined
    await until(() => lines.includes('info: the chain answers again'), 'a line that it is back')
    expect(lines.filter((line) => line.startsWith('warn: the chain is lost'))).toHaveLength(1)
  })
})

describe('what changes while it serves', () => {
  it('a policy: who is denied is cut off, who stays keeps the session', async () => {
    const chain = new MemoryChain([miner.address, caller.address, stranger.address])
    const { configure } = await start({ chain })
    for (const signer of [caller, stranger]) expect((await ask(chain, signer)).text).toMatch(/yes$/)
    configure({ policy: { deny: readNameList('admission.deny', [stranger.address]) }, limits: {} })
    await expect(ask(chain, stranger)).rejects.toMatchObject({ failure: { code: 'refused', reason: 'denied' } })
    expect((await ask(chain, caller)).text).toMatch(/yes$/)
  })

  it('limits: a rate holds from the next ask on', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const { configure } = await start({ chain })
    await ask(chain, caller)
    configure({ policy: {}, limits: { asksPerHotkey: { perMinute: 1, burst: 1 } } })
    await ask(chain, caller)
    await expect(ask(chain, caller)).rejects.toMatchObject({ failure: { reason: 'rate-limited' } })
    configure({ policy: {}, limits: {} })
    dendriteOf(caller).keepOnly([])
    expect((await ask(chain, caller)).text).toMatch(/yes$/)
  })

  it('a hotkey that loses its place on the subnet loses its session', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    await start({ chain })
    await ask(chain, caller)
    chain.neurons = chain.neurons.slice(0, 1)
    const before = chain.reads
    await until(() => chain.reads > before + 1, 'a look')
    await expect(ask(chain, caller)).rejects.toMatchObject({ failure: { reason: 'unknown-hotkey' } })
  })
})

describe('the announcement', () => {
  it('is not repeated where the chain holds it already', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const { status } = await start({ chain })
    await until(() => chain.reads > 3, 'three looks')
    expect(chain.announced).toHaveLength(1)
    await stops.pop()!()
    await start({ chain, listen: { host: '127.0.0.1', port: status().port } })
    const before = chain.reads
    await until(() => chain.reads > before + 2, 'looks of the second run')
    expect(chain.announced).toHaveLength(1)
  })

  it('is made again where a new registration has wiped it', async () => {
    const chain = new MemoryChain([miner.address])
    await start({ chain })
    await until(() => chain.announced.length === 1, 'announced')
    chain.neurons = [neuron(0, miner.address)]
    await until(() => chain.announced.length === 2, 'announced again')
    expect(chain.announced[1]).toEqual(chain.announced[0])
  })

  it('waits out the rate limit with a clear line', async () => {
    const chain = new MemoryChain([miner.address])
    chain.announceError = refusal('ServingRateLimitExceeded')
    const { lines } = await start({ chain })
    await until(() => lines.some((line) => line.includes('not announced yet')), 'a line')
    expect(lines.find((line) => line.includes('not announced yet'))).toMatch(/^warn: .*ServingRateLimitExceeded/)
    chain.announceError = undefined
    await until(() => lines.includes('info: announced'), 'announced')
  })

  it('tells of every other refusal as an error, and tries again', async () => {
    const chain = new MemoryChain([miner.address])
    chain.announceError = refusal('InvalidIpAddress')
    const { lines } = await start({ chain })
    await until(() => lines.some((line) => line.startsWith('error: not announced')), 'a line')
    chain.announceError = undefined
    await until(() => lines.includes('info: announced'), 'announced')
  })
})

describe('the start', () => {
  it('names the command that registers a hotkey which is not', async () => {
    const chain = new MemoryChain([caller.address])
    await expect(start({ chain })).rejects.toMatchObject({
      failure: { code: 'not-registered', hotkey: miner.address, netuid },
      mend: expect.stringContaining('faculty subnet register'),
    })
    expect(chain.closed).toBe(1)
  })

  it('waits for a chain that is not there yet', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    let attempts = 0
    const connect = async () => {
      if (++attempts < 3) throw new ChainError('no chain answers', { code: 'disconnected', endpoints: [] })
      return chain
    }
    const { lines } = await start({ chain, connect })
    expect(lines.filter((line) => line === 'warn: no chain answers')).toHaveLength(2)
    expect((await ask(chain, caller)).text).toMatch(/yes$/)
  })

  it('does not wait where waiting cannot help', async () => {
    const chain = new MemoryChain([miner.address])
    const connect = async () => {
      throw new ChainError('another chain', { code: 'wrong-chain', expected: '0x', found: '0x' })
    }
    await expect(start({ chain, connect })).rejects.toMatchObject({ failure: { code: 'wrong-chain' } })
  })

  it('names the models there are, where another is asked for', async () => {
    const chain = new MemoryChain([miner.address])
    await expect(start({ chain, model: 'genius' })).rejects.toMatchObject({
      mend: expect.stringMatching(/expert, novice/),
    })
    await expect(start({ chain, model: './nowhere' })).rejects.toMatchObject({ failure: { code: 'bad-model' } })
    await expect(start({ chain, model: 'expert', miner: await loadMiner('freeloader') })).rejects.toMatchObject({
      failure: { field: '--model' },
    })
    await expect(start({ chain, miner: loaded({ model: 'none' }) })).rejects.toMatchObject({
      failure: { code: 'bad-input' },
    })
  })

  it('makes the axon’s key once, for its owner alone', async () => {
    const axonKeyPath = join(folder, 'fresh', 'axons', 'key.pem')
    const first = new MemoryChain([miner.address])
    await start({ chain: first, axonKeyPath })
    const second = new MemoryChain([miner.address])
    await start({ chain: second, axonKeyPath })
    await until(() => first.announced.length + second.announced.length === 2, 'announced')
    expect(second.announced[0]!.certificate).toEqual(first.announced[0]!.certificate)
    if (process.platform !== 'win32') expect((await stat(axonKeyPath)).mode & 0o777).toBe(0o600)
  })
})

describe('the end', () => {
  it('is told to the chain where that is wanted, and the key stays there', async () => {
    const chain = new MemoryChain([miner.address])
    const { lines } = await start({ chain, withdraw: true })
    await until(() => chain.announced.length === 1, 'announced')
    await stops.pop()!()
    expect(chain.announced[1]).toEqual({ ...chain.announced[0], ip: 0n, ipType: 4, port: 1 })
    expect(lines.at(-1)).toContain('withdrawn')
    expect(chain.closed).toBe(1)
  })

  it('does not wait for a chain that refuses the withdrawal', async () => {
    const chain = new MemoryChain([miner.address])
    const { lines } = await start({ chain, withdraw: true })
    await until(() => chain.announced.length === 1, 'announced')
    chain.announceError = refusal('ServingRateLimitExceeded')
    await stops.pop()!()
    expect(lines.at(-1)).toMatch(/^warn: not withdrawn.*ServingRateLimitExceeded/)
  })

  it('comes soon after the signal, and lets the answer in flight finish', async () => {
    const chain = new MemoryChain([miner.address, caller.address])
    const stop = new AbortController()
    let isAnswering = false
    const slow = loaded({
      model: 'none',
      async *answer() {
        isAnswering = true
        await new Promise((resolve) => setTimeout(resolve, 300))
        yield { type: 'text', text: 'late' }
        yield { type: 'done', reason: 'stop', promptTokens: 0, completionTokens: 0, traceHash: '0'.repeat(64) }
      },
    })
    const running = runMiner(optionsOf({ chain, miner: slow, statusPort: 0 }).options, stop.signal)
    const answer = ask(chain, caller)
    await until(() => isAnswering, 'an answer in flight')
    stop.abort()
    expect((await answer).text).toBe('late')
    await running
    expect(chain.closed).toBe(1)
  })

  it('comes while the chain is still awaited', async () => {
    const stop = new AbortController()
    const chain = new MemoryChain([])
    const connect = async () => {
      throw new ChainError('no chain answers', { code: 'disconnected', endpoints: [] })
    }
    const { options, lines } = optionsOf({ chain, connect, retryMs: 600_000 })
    const running = runMiner(options, stop.signal)
    await until(() => lines.includes('warn: no chain answers'), 'a line')
    stop.abort()
    await running
  })
})
