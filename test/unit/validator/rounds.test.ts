import { getEventListeners } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Dendrite } from '../../../src/dendrite/dendrite.ts'
import { defineValidator } from '../../../src/domain/defineValidator.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner } from '../../../src/keys/signer.ts'
import type { Miner } from '../../../src/validator/miners.ts'
import { type RoundSettings, Rounds } from '../../../src/validator/rounds.ts'
import { minerScore } from '../../../src/validator/scoring/minerScore.ts'
import { openStore, type Store } from '../../../src/validator/store.ts'
import { identity, type Line, memoryLog } from './scratch.ts'
import { sumOf, sums } from './sums.ts'
import { type TestAxon, testAxon } from './testAxon.ts'

const settings: RoundSettings = {
  tasks: 6,
  pauseMs: 0,
  askTimeoutMs: 10_000,
  perMiner: 2,
  concurrency: 16,
  longestMs: 20_000,
  groupSize: 8,
  covertShare: 0,
}

interface Subject {
  readonly rounds: Rounds
  readonly store: Store
  readonly lines: Line[]
  readonly stop: AbortController
}

async function subject(
  options: Partial<RoundSettings> & { seed?: string; validators?: ReturnType<typeof sums>[]; covert?: string } = {},
): Promise<Subject> {
  const { seed = 'secret', validators = [sums('law'), sums('medicine')], covert, ...other } = options
  const { genesis, netuid } = identity
  const dendriteOf = async (uri: string): Promise<Dendrite> =>
    new Dendrite({ signer: localSigner(await pairFromUri(uri)), genesis, netuid })
  const dendrite = await dendriteOf('//Alice')
  const covertDendrite = covert === undefined ? undefined : await dendriteOf(covert)
  const store = openStore(':memory:', identity)
  const stop = new AbortController()
  const { log, lines } = memoryLog()
  const rounds = new Rounds({
    dendrite,
    covertDendrite,
    validators: new Map(validators.map((validator) => [validator.domain, validator])),
    store,
    seed,
    settings: { ...settings, ...other },
    log,
    signal: stop.signal,
  })
  onTestFinished(() => {
    stop.abort()
    dendrite.close()
    covertDendrite?.close()
    store.close()
  })
  return { rounds, store, lines, stop }
}

/** Rounds at a leisurely pace until something holds. */
async function until(rounds: Rounds, miners: readonly Miner[], holds: () => boolean): Promise<void> {
  while (!holds()) {
    await rounds.next(miners)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const minerOf = ({ target }: TestAxon, uid = 0): Miner => ({ uid, hotkey: target.hotkey, target })
/** Mean accuracy over the domains that a miner declares. */
const accuracyOf = (store: Store, hotkey: string): number => {
  const record = store.miners.get(hotkey)
  if (record === undefined) return 0
  const { domains } = minerScore(new Set(['law', 'medicine']), record.domains, record.answers)
  return domains.length === 0 ? 0 : domains.reduce((sum, { result }) => sum + result.accuracy, 0) / domains.length
}
const right = (question: string): string => sumOf(question)

test('each miner is scored by its own answers in the domains that it declares', async () => {
  const { rounds, store } = await subject()
  let turn = 0
  const both = await testAxon({ uri: '//Bob', domains: ['law', 'medicine', 'cooking'], say: right })
  const half = await testAxon({ uri: '//Charlie', domains: ['law'], say: (q) => (turn++ % 2 === 0 ? sumOf(q) : '?') })
  const wrong = await testAxon({ uri: '//Dave', domains: ['medicine'], say: () => 'no idea' })
  const mute = await testAxon({ uri: '//Eve', domains: [], say: right })
  const miners = [both, half, wrong, mute].map(minerOf)
  for (let i = 0; i < 3; i++) await rounds.next(miners)
  const accuracies = miners.map(({ hotkey }) => accuracyOf(store, hotkey))
  expect(accuracies).toEqual([1, accuracies[1], 0, 0])
  expect(accuracies[1]).toBeCloseTo(0.5, 1)
  const scored = miners.map(({ hotkey }) => store.miners.get(hotkey)?.scored ?? 0)
  expect(scored.reduce((sum, n) => sum + n)).toBe(72)
  expect(scored[3]).toBe(0)
  // The budget goes where the uncertainty is.
  expect(scored[1]).toBeGreaterThan(scored[2]!)
  expect(store.answers).toEqual({ scored: 72, failed: 0 })
  // A domain that this validator does not know is not asked and counts for nothing.
  expect(both.asked.some(({ domain }) => domain === 'cooking')).toBe(false)
})

test('round after round leaves nothing at the stop signal, which lives as long as the validator', async () => {
  const { rounds, stop } = await subject({ tasks: 1, validators: [sums('law')] })
  const axon = await testAxon({ uri: '//Bob', domains: ['law'], say: right })
  const joined = vi.spyOn(AbortSignal, 'any')
  onTestFinished(() => joined.mockRestore())
  await rounds.next([minerOf(axon)])
  const listeners = getEventListeners(stop.signal, 'abort').length
  for (let i = 0; i < 3; i++) await rounds.next([minerOf(axon)])
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(listeners)
  // What it makes is kept as long as the longest-lived of its sources.
  expect(joined).not.toHaveBeenCalled()
})

test('all miners of a domain get the same question, at the same moment', async () => {
  const { rounds } = await subject({ tasks: 12, perMiner: 1, validators: [sums('law')] })
  const at = new Map<string, number[]>()
  const say = (question: string): string => {
    at.set(question, [...(at.get(question) ?? []), performance.now()])
    return sumOf(question)
  }
  const axons = await Promise.all(
    ['//Bob', '//Charlie', '//Dave'].map((uri) => testAxon({ uri, domains: ['law'], say })),
  )
  await rounds.next(axons.map(minerOf))
  const lists = axons.map(({ asked }) => asked.map(({ question }) => question))
  expect(lists[0]).toHaveLength(12)
  for (const list of lists) expect([...list].sort()).toEqual([...lists[0]!].sort())
  for (const times of at.values()) expect(times).toHaveLength(3)
})

test('a task goes to a few of many miners, and who gets it together is drawn anew each time', async () => {
  const { rounds } = await subject({ tasks: 4, groupSize: 2, validators: [sums('law')] })
  const axons = await Promise.all(
    ['//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie', '//One'].map((uri, i) =>
      // Networks of their own, so that they are no kin: nothing connects to these addresses but loopback.
      testAxon({ uri, domains: ['law'], say: right, host: `127.0.${i + 1}.1` }),
    ),
  )
  for (let i = 0; i < 4; i++) await rounds.next(axons.map(minerOf))
  const groups = new Map<string, string[]>()
  for (const { asked, target } of axons) {
    for (const { question } of asked) groups.set(question, [...(groups.get(question) ?? []), target.hotkey])
  }
  const sizes = [...groups.values()].map((group) => group.length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3)
  expect(sizes.filter((size) => size >= 2).length).toBeGreaterThan(sizes.length / 2)
  expect(new Set([...groups.values()].map((group) => group.sort().join())).size).toBeGreaterThan(8)
})

test('asks that look like an app builder’s are made with the gateway’s hotkey', async () => {
  const { rounds, store } = await subject({ covertShare: 0.5, validators: [sums('law')], covert: '//Gateway' })
  const gateway = (await pairFromUri('//Gateway')).address
  const callers: string[] = []
  const say = (question: string, _: string, __: AbortSignal, caller: string): string => {
    callers.push(caller)
    return caller === gateway ? 'no idea' : sumOf(question)
  }
  const axon = await testAxon({ uri: '//Bob', domains: ['law'], say })
  for (let i = 0; i < 8; i++) await rounds.next([minerOf(axon)])
  const answers = store.miners.get(axon.target.hotkey)!.answers.get('law')!
  const covert = callers.filter((caller) => caller === gateway).length
  expect(covert).toBeGreaterThan(8)
  expect(covert).toBeLessThan(40)
  expect(answers.filter((answer) => answer.covert === true)).toHaveLength(covert)
  // Answering validators only is worth nothing: what app builders get is what counts.
  expect(accuracyOf(store, axon.target.hotkey)).toBe(0)
})

test('questions are fresh each round and each start, all families get their turn, and a seed brings them back', async () => {
  const ask = async (seed: string): Promise<string[]> => {
    const { rounds } = await subject({ seed, tasks: 3, validators: [sums('law')] })
    const axon = await testAxon({ uri: '//Bob', domains: ['law'], say: right })
    for (let i = 0; i < 4; i++) await rounds.next([minerOf(axon)])
    return axon.asked.map(({ question }) => question)
  }
  const [one, again, other] = [await ask('one'), await ask('one'), await ask('other')]
  expect(new Set(one).size).toBe(12)
  expect([...again].sort()).toEqual([...one].sort())
  expect(other.filter((question) => one.includes(question))).toEqual([])
  const families = one.map((question) => question.split(':')[0])
  for (const family of ['apples', 'pears', 'plums', 'figs'])
    expect(families.filter((f) => f === family)).toHaveLength(3)
})

test('an answer that does not come in time counts as failed; the others are not kept waiting', async () => {
  const { rounds, store } = await subject({ askTimeoutMs: 300, longestMs: 50, tasks: 2, validators: [sums('law')] })
  const never = await testAxon({ uri: '//Bob', domains: ['law'], say: () => new Promise(() => undefined) })
  const quick = await testAxon({ uri: '//Charlie', domains: ['law'], say: right })
  const miners = [never, quick].map(minerOf)
  const failed = (): number => store.miners.get(never.target.hotkey)?.failed ?? 0
  await until(rounds, miners, () => failed() >= 2)
  expect(accuracyOf(store, never.target.hotkey)).toBe(0)
  expect(accuracyOf(store, quick.target.hotkey)).toBe(1)
  // It answered round after round while the slow one had one round's questions.
  expect(quick.asked.length).toBeGreaterThan(never.asked.length)
  expect(rounds.query(never.target.hotkey)!.lastError).toContain('300 ms')
})

test('a miner that fails to answer fails; one that goes away loses one answer a domain and round', async () => {
  const { rounds, store } = await subject({ validators: [sums('law')] })
  const broken = await testAxon({
    uri: '//Bob',
    domains: ['law'],
    say: () => {
      throw new Error('out of memory')
    },
  })
  const gone = await testAxon({ uri: '//Charlie', domains: ['law'], say: right })
  const miners = [broken, gone].map(minerOf)
  await rounds.next(miners)
  expect(store.miners.get(broken.target.hotkey)).toMatchObject({ scored: 0, failed: 6 })
  expect(store.miners.get(gone.target.hotkey)).toMatchObject({ scored: 6, failed: 0 })
  await gone.axon.close()
  for (let i = 0; i < 3; i++) await rounds.next(miners)
  const record = store.miners.get(gone.target.hotkey)!
  expect(record.scored).toBe(6)
  expect(record.failed).toBeGreaterThanOrEqual(3)
  // The connection may still look open at the first of them.
  expect(record.failed).toBeLessThanOrEqual(5)
  expect(accuracyOf(store, gone.target.hotkey)).toBeGreaterThan(0.3)
})

test('a miner comes back on another port and goes on from its score', async () => {
  const { rounds, store } = await subject({ validators: [sums('law')] })
  const before = await testAxon({ uri: '//Bob', domains: ['law'], say: right })
  await rounds.next([minerOf(before)])
  await before.axon.close()
  await rounds.next([minerOf(before)])
  const after = await testAxon({ uri: '//Bob', domains: ['law'], say: right })
  // The pause after the failed attempt is for this hotkey, so it may take a moment.
  await until(rounds, [minerOf(after)], () => after.asked.length >= 6)
  expect(store.miners.get(after.target.hotkey)!.scored).toBeGreaterThanOrEqual(12)
})

test('a miner that nobody can reach is not counted before it has ever been heard of', async () => {
  const { rounds, store } = await subject()
  const { hotkey } = (await testAxon({ uri: '//Bob', domains: ['law'], say: right })).target
  await rounds.next([{ uid: 4, hotkey, target: { problem: 'it published no certificate' } }])
  expect(store.miners.get(hotkey)).toBeUndefined()
  expect(rounds.query(hotkey)!.lastError).toBe('it published no certificate')
})

test('a stop ends asks in flight at once and counts none of them', async () => {
  const { rounds, store, stop } = await subject()
  const axon = await testAxon({ uri: '//Bob', domains: ['law'], say: () => new Promise(() => undefined) })
  const run = rounds.run(() => [minerOf(axon)])
  while (axon.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(rounds.inFlight).toBe(2)
  stop.abort()
  await run
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(rounds.inFlight).toBe(0)
  expect(store.answers).toEqual({ scored: 0, failed: 0 })
})

test('no more asks are in flight than allowed, to one miner and to all', async () => {
  const { rounds } = await subject({ perMiner: 3, concurrency: 4, tasks: 8, validators: [sums('law')] })
  let now = 0
  let most = 0
  const say = async (question: string): Promise<string> => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 15))
    now--
    return sumOf(question)
  }
  const axons = await Promise.all(
    ['//Bob', '//Charlie', '//Dave'].map((uri) => testAxon({ uri, domains: ['law'], say })),
  )
  await rounds.next(axons.map(minerOf))
  expect(most).toBeGreaterThan(2)
  expect(most).toBeLessThanOrEqual(4)
  for (const { mostAtOnce } of axons) expect(mostAtOnce()).toBeLessThanOrEqual(3)
})

test.each([
  ['gives a promise', () => Promise.resolve(1) as never],
  ['gives no number', () => Number.NaN],
  [
    'fails',
    () => {
      throw new Error('a bug')
    },
  ],
])('a scorer that %s costs no miner anything', async (_, score) => {
  const { rounds, store, lines } = await subject({ validators: [defineValidator({ ...sums('law'), score })] })
  const axon = await testAxon({ uri: '//Bob', domains: ['law'], say: right })
  await rounds.next([minerOf(axon)])
  expect(axon.asked).toHaveLength(6)
  expect(store.answers).toEqual({ scored: 0, failed: 0 })
  expect(lines.filter(({ level, msg }) => level === 50 && msg.includes('scorer'))).toHaveLength(6)
})

test('what the disk throws ends the rounds', async () => {
  const { rounds, store } = await subject()
  const axon = await testAxon({ uri: '//Bob', domains: ['law'], say: right })
  store.record = () => {
    throw new Error('disk full')
  }
  await expect(rounds.run(() => [minerOf(axon)])).rejects.toThrow('disk full')
})
