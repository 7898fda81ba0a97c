import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLog } from '../../src/base/log.ts'
import { makeRng } from '../../src/base/random.ts'
import { Dendrite } from '../../src/dendrite/dendrite.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { fromHex } from '../../src/keys/hex.ts'
import { localSigner } from '../../src/keys/signer.ts'
import type { Outcome } from '../../src/validator/answersTable.ts'
import { Rounds } from '../../src/validator/rounds.ts'
import { windowAnswers } from '../../src/validator/scoring/addAnswers.ts'
import { openStore, type Store } from '../../src/validator/store.ts'
import { sums } from '../unit/validator/sums.ts'
import { type BenchMiner, domain, genesis, netuid } from './validatorMiners.ts'

/** What a validator's process is told, and what it has measured. */
export interface RoundsOrder {
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

async function measure({ miners: found, tasks, perMiner, rounds: count }: RoundsOrder): Promise<RoundsMeasured> {
  // All of a validator's code is in memory, as where it runs.
  await import('../../src/validator/run.ts')
  const folder = mkdtempSync(join(tmpdir(), 'faculty-bench-'))
  const pair = await pairFromUri('//bench/validator')
  const store = openStore(join(folder, 'scores.db'), { genesis, netuid, hotkey: pair.address })
  remember(store, found)
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
  const coldScored = store.answers.scored - history.answers * found.length
  // Who was not connected in time then is by now.
  while ([...store.miners.values()].some(({ scored }) => scored === history.answers)) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    await rounds.next(miners)
  }
  const connectedMs = performance.now() - startedAtMs
  writeMs.length = 0
  const before = process.cpuUsage()
  const warmMs: number[] = []
  for (let i = 0; i < count; i++) warmMs.push(await timed())
  const { user, system } = process.cpuUsage(before)
  store.close()
  rmSync(folder, { recursive: true })
  return { coldMs, coldScored, connectedMs, warmMs, cpuMs: (user + system) / 1_000 / count, writeMs, residentBytes }
}

/** As after a day: full windows, and each two miners have shared tasks. */
const history = { answers: windowAnswers }

function remember(store: Store, miners: readonly BenchMiner[]): void {
  const rng = makeRng('bench')
  const hotkeys = miners.map(({ hotkey }) => hotkey)
  const outcomes = hotkeys.flatMap((hotkey) =>
    Array.from({ length: history.answers }, (_, round): Outcome => {
      const about = { hotkey, domain, round: 0, family: 'apples', chance: 0.25, kind: 'scored' as const }
      const score = rng.bool(0.8) ? 1 : 0
      return { ...about, score, confidence: 0.8, lateness: 0.01, note: `said ${round}, right is ${round}` }
    }),
  )
  const pairs = hotkeys.flatMap((a) => hotkeys.filter((b) => a < b).map((b) => ({ a, b, evidence: -1 })))
  store.record(outcomes, pairs)
}
