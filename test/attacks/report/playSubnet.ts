import pino from 'pino'
import { generateAxonKey } from '../../../src/axon/axonKey.ts'
import { startAxon } from '../../../src/axon/startAxon.ts'
import { batchCalls, composeCall, sudoCall } from '../../../src/chain/calls.ts'
import { type Chain, connectChain } from '../../../src/chain/connect.ts'
import { getEpochState } from '../../../src/chain/epochClock.ts'
import { getMetagraph } from '../../../src/chain/getMetagraph.ts'
import { serveAxon } from '../../../src/chain/serveAxon.ts'
import { submit } from '../../../src/chain/submit.ts'
import { type Player, setUpSubnet } from '../../../src/cli/up/setUp.ts'
import { Dendrite } from '../../../src/dendrite/dendrite.ts'
import type { Session } from '../../../src/dendrite/session.ts'
import type { Target } from '../../../src/dendrite/target.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../../src/keys/signer.ts'
import { startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { runValidator } from '../../../src/validator/run.ts'
import { announcedIp } from '../../../src/wire/axonAddress.ts'
import type { Conduct } from './answerers.ts'
import { type Exam, exam, type Weakening } from './exam.ts'
import { runWeigher, type Weigh } from './runWeigher.ts'

export interface CastMiner {
  readonly name: string
  /** How its axon answers. Or the miner whose axon it announces as its own, address and certificate. */
  readonly conduct: Conduct | { readonly announces: string }
}

export interface CastValidator {
  readonly name: string
  readonly stakeTao: number
  /** `asks`: an honest one. `idle`: even weights on all. Else weights of its own choice, without asking. */
  readonly way: 'asks' | 'idle' | Weigh
}

export interface Cast {
  readonly miners: readonly CastMiner[]
  readonly validators: readonly CastValidator[]
  /** Asks a miner by the honest validators together, on average, after which scores have settled. */
  readonly asks: number
  /** Default: ten seconds. */
  readonly askTimeoutMs?: number
}

/** The defences as they stand; each may be left out. */
export interface SubnetRules {
  readonly weaken?: Weakening
  /** What all validators draw their questions from; default: a secret of each. */
  readonly publicSeed?: string
  readonly covertShare?: number
  /** Of 65535; default: the chain's, half of the stake. 0: every weight counts as agreed. */
  readonly kappa?: number
}

/** Where a subnet stands after one epoch. */
export interface Standing {
  readonly epoch: number
  /** Asks a miner so far, on average. */
  readonly asks: number
  /** By name: shares of the miners' emission, of the validators', and the latter per stake, in any unit. */
  readonly incentive: ReadonlyMap<string, number>
  readonly dividends: ReadonlyMap<string, number>
  readonly dividendsPerStake: ReadonlyMap<string, number>
}

const interval = '250ms'
const tempoBlocks = 10
const covertUri = '//gateway/hotkey'
const rounds = {
  tasks: 4,
  pauseMs: 50,
  perMiner: 4,
  concurrency: 256,
  longestMs: 5_000,
  groupSize: 8,
}
/** So that weights of when scores had settled are committed, revealed and paid. */
const settlingEpochs = 3
const pollMs = 200

/**
 * Plays a subnet with this cast on a localnet of its own: real axons, real validators, commit and reveal.
 *
 * @param enough asks, see `Cast`
 * @returns where it stood after each epoch, the last one settled
 */
export async function playSubnet(cast: Cast, rules: SubnetRules, enough = cast.asks): Promise<Standing[]> {
  const paper = exam(rules.weaken)
  const localnet = await startLocalnet({ port: 0, interval })
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  const stop = new AbortController()
  const running: Promise<void>[] = []
  const closers: (() => Promise<void>)[] = []
  try {
    const { netuid, uids } = await setUp(chain, cast, rules)
    let asks = 0
    await openAxons(chain, { netuid, cast, paper, closers, onAsk: () => asks++ })
    const common = { endpoints: [localnet.endpoint], netuid, stop: stop.signal, log: pino({ level: 'silent' }) }
    for (const { name, way } of cast.validators) {
      const signer = await signerOf(hotkeyUri(name))
      if (typeof way === 'function') running.push(runWeigher({ ...common, chain, signer, weigh: way(uids) }))
      else {
        running.push(
          runValidator({
            ...common,
            signer,
            validators: [paper.validator],
            idle: way === 'idle',
            rounds: { ...rounds, askTimeoutMs: cast.askTimeoutMs ?? 10_000, covertShare: rules.covertShare ?? 0.25 },
            covertSigner: await signerOf(covertUri),
            seed: rules.publicSeed ?? `secret of ${name}`,
            databasePath: ':memory:',
          }),
        )
      }
    }
    const over = Promise.all(running)
    const standings = await Promise.race([
      watch(chain, { netuid, uids, enough, asks: () => asks / cast.miners.length }),
      over.then(() => {
        throw new Error('a validator has stopped by itself')
      }),
    ])
    return standings
  } finally {
    stop.abort()
    await Promise.allSettled(running)
    for (const close of closers) await close()
    await chain.close()
    await localnet.close()
  }
}

const hotkeyUri = (name: string): string => `//${name}/hotkey`

async function signerOf(uri: string): Promise<Signer> {
  return localSigner(await pairFromUri(uri))
}

async function setUp(chain: Chain, { miners, validators }: Cast, { kappa }: SubnetRules) {
  const sudo = await signerOf('//Alice')
  const player = async (name: string, role: Player['role'], stakeTao = 0): Promise<Player> => {
    const [hotkey, coldkeySigner] = [await signerOf(hotkeyUri(name)), await signerOf(`//${name}/coldkey`)]
    return { name, role, stakeTao, idle: false, domains: [], minerFlags: [], hotkey: hotkey.address, coldkeySigner }
  }
  const players = await Promise.all([
    player('owner', 'owner'),
    ...miners.map(({ name }) => player(name, 'miner')),
    ...validators.map(({ name, stakeTao }) => player(name, 'validator', stakeTao)),
  ])
  const made = await setUpSubnet(chain, { sudo, players, tempoBlocks })
  if (kappa !== undefined) {
    const call = composeCall(chain, 'AdminUtils', 'sudo_set_kappa', [made.netuid, kappa])
    await submit(chain, sudoCall(chain, batchCalls(chain, [call])), { signer: sudo })
  }
  return made
}

interface Street {
  readonly netuid: number
  readonly cast: Cast
  readonly paper: Exam
  readonly closers: (() => Promise<void>)[]
  readonly onAsk: () => void
}

/** Starts and announces every miner's axon. */
async function openAxons(chain: Chain, street: Street): Promise<void> {
  const { netuid, cast } = street
  const addresses = new Map<string, Target>()
  const certificates = new Map<string, Uint8Array>()
  const isValidator = await validatorsOf(cast)
  for (const { name, conduct } of cast.miners) {
    if (typeof conduct !== 'function') continue
    const { target, certificate } = await openAxon(chain, street, { name, conduct, addresses, isValidator })
    addresses.set(name, target)
    certificates.set(name, certificate)
  }
  await Promise.all(
    cast.miners.map(async ({ name, conduct }) => {
      const whose = typeof conduct === 'function' ? name : conduct.announces
      const { host, port } = addresses.get(whose)!
      const certificate = certificates.get(whose)!
      await serveAxon(chain, {
        signer: await signerOf(hotkeyUri(name)),
        netuid,
        ...announcedIp(host),
        port,
        certificate,
      })
    }),
  )
}

async function validatorsOf({ validators }: Cast): Promise<(hotkey: string) => boolean> {
  const signers = await Promise.all(validators.map(({ name }) => signerOf(hotkeyUri(name))))
  const hotkeys = new Set(signers.map(({ address }) => address))
  return (hotkey) => hotkeys.has(hotkey)
}

interface House {
  readonly name: string
  readonly conduct: Conduct
  /** Filled by and by. */
  readonly addresses: ReadonlyMap<string, Target>
  readonly isValidator: (hotkey: string) => boolean
}

async function openAxon(chain: Chain, { netuid, paper, closers, onAsk }: Street, house: House) {
  const { name, conduct, addresses, isValidator } = house
  const genesis = chain.api.genesisHash.toHex()
  const signer = await signerOf(hotkeyUri(name))
  const covert = (await signerOf(covertUri)).address
  const dendrite = new Dendrite({ signer, genesis, netuid })
  const sessionWith = (miner: string): Session => dendrite.session(addresses.get(miner)!)
  const answer = conduct({ name, exam: paper, isValidator, sessionWith })
  const key = generateAxonKey()
  const axon = await startAxon({
    host: '127.0.0.1',
    port: 0,
    key,
    hotkey: signer.address,
    genesis,
    netuid,
    domains: [paper.validator.domain],
    models: [],
    admit: () => ({ ok: true, stake: 0n }),
    answer(ask, context) {
      const { hotkey } = context.caller
      if (isValidator(hotkey) || hotkey === covert) onAsk()
      return answer(ask, context)
    },
  })
  closers.push(async () => {
    dendrite.close()
    await axon.close()
  })
  const { port, certificate } = axon
  const target = { host: '127.0.0.1', port, publicKey: key.publicKey, hotkey: signer.address }
  return { target, certificate }
}

interface Watched {
  readonly netuid: number
  readonly uids: ReadonlyMap<string, number>
  readonly enough: number
  readonly asks: () => number
}

async function watch(chain: Chain, { netuid, uids, enough, asks }: Watched): Promise<Standing[]> {
  const standings: Standing[] = []
  let lastEpoch: number | undefined
  let known: number | undefined
  for (;;) {
    const { epochIndex } = await getEpochState(chain, { netuid })
    if (epochIndex !== known) {
      known = epochIndex
      standings.push({ epoch: epochIndex, asks: asks(), ...(await sharesOf(chain, netuid, uids)) })
    }
    if (lastEpoch === undefined && asks() >= enough) lastEpoch = epochIndex + settlingEpochs
    if (lastEpoch !== undefined && epochIndex >= lastEpoch) return standings
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

async function sharesOf(chain: Chain, netuid: number, uids: ReadonlyMap<string, number>) {
  const { neurons } = await getMetagraph(chain, { netuid })
  const of = (value: 'incentive' | 'dividends'): ReadonlyMap<string, number> => {
    const total = neurons.reduce((sum, neuron) => sum + neuron[value], 0)
    return new Map([...uids].map(([name, uid]) => [name, total === 0 ? 0 : neurons[uid]![value] / total]))
  }
  const dividends = of('dividends')
  const perStake = [...dividends].map(([name, share]): [string, number] => {
    const stake = Number(neurons[uids.get(name)!]!.alphaStake)
    return [name, stake === 0 ? 0 : share / stake]
  })
  return { incentive: of('incentive'), dividends, dividendsPerStake: new Map(perStake) }
}
