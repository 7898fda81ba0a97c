import { makeLog } from '../../src/base/log.ts'
import { Dendrite } from '../../src/dendrite/dendrite.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { fromHex } from '../../src/keys/hex.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { Rounds } from '../../src/validator/rounds.ts'
import { windowAnswers } from '../../src/validator/scoring/addAnswers.ts'
import { openStore } from '../../src/validator/store.ts'
import { sums } from '../unit/validator/sums.ts'
import { validatorUri } from './rememberMiners.ts'
import { type BenchMiner, domain, genesis, netuid } from './validatorMiners.ts'

/** What a validator's process is told, and what it has measured. */
export interface RoundsOrder {
  /** Of a database with a full history of these miners. */
  readonly path: string
  readonly miners: readonly BenchMiner[]
  readonly tasks: number
  readonly perMiner: number
  readonly rounds: number
}

export interface RoundsMeasured {
  /** Handshakes included. */
  readonly coldMs: number
  /** Answers in it. */
  readonly coldScored: number
  /** Until every miner has been asked. */
  readonly connectedMs: number
  readonly warmMs: readonly number[]
  /** Processor time of a warm round, on average. */
  readonly cpuMs: number
  readonly writeMs: readonly number[]
  /** Resident, the most at the end of any round. */
  readonly residentBytes: number
}

// Run as a process of its own, so that its memory is a validator's.
if (process.argv[2] === 'rounds' && process.send !== undefined) {
  process.once('message', async (order: RoundsOrder) => {
    process.send!(await measure(order))
    process.exit(0)
  })
  process.on('disconnect', () => process.exit(0))
}

async function measure({ path, miners: found, tasks, perMiner, rounds: count }: RoundsOrder): Promise<RoundsMeasured> {
  // All of a validator's code is in memory, as where it runs.
  await import('../../src/validator/run.ts')
  const pair = await pairFromUri(validatorUri)
  const store = openStore(path, { genesis, netuid, hotkey: pair.address })
  const before = store.answers.scored
  const writeMs: number[] = []
  const meter = { onRound: () => undefined, onAsked: () => undefined, onWrite: (ms: number) => void writeMs.push(ms) }
  const rounds = new Rounds({
    dendrite: new Dendrite({ signer: localSigner(pair), genesis, netuid }),
    validators: new Map([[domain, sums(domain)]]),
    store,
    seed: 'bench',
    settings: {
      tasks,
      pauseMs: 0,
      askTimeoutMs: 10_000,
      perMiner,
      concurrency: 1_024,
      longestMs: 20_000,
      groupSize: 8,
      covertShare: 0,
    },
    log: makeLog({ name: 'bench' }),
    signal: new AbortController().signal,
    meter,
  })
  const miners = found.map(({ hotkey, host, port, publicKey }, uid) => {
    return { uid, hotkey, target: { hotkey, host, port, publicKey: fromHex(publicKey) } }
  })
  let residentBytes = 0
  const startedAtMs = performance.now()
  const timed = async (): Promise<number> => {
    const beganAtMs = performance.now()
    await rounds.next(miners)
    const elapsedMs = performance.now() - beganAtMs
    residentBytes = Math.max(residentBytes, process.memoryUsage.rss())
    return elapsedMs
  }
  const coldMs = await timed()
  const coldScored = store.answers.scored - before
  // Who was not connected in time then is by now.
  while ([...store.miners.values()].some(({ scored }) => scored === windowAnswers)) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    await rounds.next(miners)
  }
  const connectedMs = performance.now() - startedAtMs
  writeMs.length = 0
  const cpu = process.cpuUsage()
  const warmMs: number[] = []
  for (let i = 0; i < count; i++) warmMs.push(await timed())
  const { user, system } = process.cpuUsage(cpu)
  store.close()
  return { coldMs, coldScored, connectedMs, warmMs, cpuMs: (user + system) / 1_000 / count, writeMs, residentBytes }
}
