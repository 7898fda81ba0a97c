import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Weights } from '../../../src/chain/setWeights.ts'
import type { NoWeights } from '../../../src/validator/scoreDraft.ts'
import { openStore, type Store } from '../../../src/validator/store.ts'
import { keepWeights } from '../../../src/validator/weights.ts'
import { FakeChain, type Fate } from './fakeChain.ts'
import { identity, type Line, memoryLog } from './scratch.ts'

const weights: Weights = { uids: [1, 2], values: [65_535, 1_000] }

interface Subject {
  readonly chain: FakeChain
  readonly store: Store
  readonly lines: Line[]
  /** Runs the validator's part of one block; a process that is killed in it is started again. */
  block(): Promise<void>
  blocks(count: number): Promise<void>
}

function subject(draft: () => Weights | NoWeights = () => weights): Subject {
  const chain = new FakeChain()
  const store = openStore(':memory:', identity)
  const { log, lines } = memoryLog()
  const start = (): (() => Promise<void>) => {
    chain.startProcess()
    return keepWeights({ chain, table: store.weights, draft: () => Promise.resolve(draft()), log })
  }
  let step = start()
  const block = async (): Promise<void> => {
    chain.advance()
    const killed = chain.killed.then(() => true)
    if (await Promise.race([step().then(() => false), killed])) step = start()
  }
  return {
    chain,
    store,
    lines,
    block,
    async blocks(count) {
      for (let i = 0; i < count; i++) await block()
    },
  }
}

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fate>({ type: 'well' }) },
  fc.constant<Fate>({ type: 'refused' }),
  fc.record({
    type: fc.constantFrom('cut', 'killed'),
    landsIn: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  }),
)

/** Ids of weights in the order in which they are given up from now on. */
function lostOf({ weights: table }: Store): number[] {
  const lost: number[] = []
  const { setState } = table
  table.setState = (id, state, known) => {
    if (state === 'lost') lost.push(id)
    setState(id, state, known)
  }
  return lost
}

/** Blocks in which the validator runs, then blocks in which it does not, and what becomes of its next submission. */
const stretch = fc.record({
  up: fc.integer({ min: 1, max: 30 }),
  down: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 60 })),
  fate,
})

test('whatever goes wrong: one commit an epoch at most, reveals in their epoch only, every outcome known and told once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stretch, { minLength: 1, maxLength: 12 }),
      fc.record({
        tempoBlocks: fc.integer({ min: 1, max: 40 }),
        revealPeriodEpochs: fc.integer({ min: 1, max: 3 }),
        rateLimitBlocks: fc.constantFrom(0, 0, 10, 50),
        commitReveal: fc.boolean(),
        timelocked: fc.boolean(),
      }),
      async (stretches, rules) => {
        const { chain, store, lines, block, blocks } = subject()
        Object.assign(chain, rules)
        const lost = lostOf(store)
        for (const { up, down, fate: next } of stretches) {
          chain.fate = next
          for (let i = 0; i < down; i++) chain.advance()
          for (let i = 0; i < up; i++) await block()
        }
        chain.fate = { type: 'well' }
        // Long enough for whatever is open to be resolved.
        await blocks(40 + (rules.revealPeriodEpochs + 2) * rules.tempoBlocks)

        expect(new Set(chain.taken).size).toBe(chain.taken.length)
        expect(chain.misplacedReveals).toEqual([])
        expect(new Set(lost).size).toBe(lost.length)
        expect(lines.filter(({ msg }) => msg.includes('lost:'))).toHaveLength(lost.length)
        // All but what the last epochs have sent is resolved, and as the chain has it.
        for (const row of store.weights.rows) {
          const isShown = chain.shown.includes(chain.hashOf(row))
          if (row.state === 'done') expect(isShown).toBe(true)
          else if (row.state === 'lost' || row.state === 'refused') expect(isShown).toBe(false)
          else expect(row.block).toBeGreaterThan(chain.block - 40 - (rules.revealPeriodEpochs + 1) * rules.tempoBlocks)
        }
        expect(store.weights.done).toBe(chain.shown.length)
        // A submission takes a block, so an epoch of fewer may be over by then.
        if (rules.tempoBlocks >= 4) expect(chain.shown.length).toBeGreaterThan(0)
        store.close()
      },
    ),
    { numRuns: 150 },
  )
})

test.each([1, 2, 3])(
  'with nothing wrong and a reveal period of %i, each epoch has its commit, revealed',
  async (period) => {
    const { chain, store, block } = subject()
    onTestFinished(() => store.close())
    chain.revealPeriodEpochs = period
    while (chain.taken.length < 10) await block()
    const [first] = chain.taken
    expect(chain.taken).toEqual(chain.taken.map((_, i) => first! + i))
    expect(chain.shown).toHaveLength(chain.taken.length - period)
  },
)

test('with a long reveal period no commit is sent that the chain has no room for, which is said once', async () => {
  const { chain, store, lines, blocks } = subject()
  onTestFinished(() => store.close())
  chain.revealPeriodEpochs = 15
  await blocks(20 * 32)
  expect(store.weights.rows.filter(({ state }) => state === 'refused')).toEqual([])
  expect(lines.filter(({ msg }) => msg.includes('unrevealed'))).toHaveLength(2)
  expect(chain.misplacedReveals).toEqual([])
  // Ten in each fifteen epochs; of the second ten some are still to be revealed.
  expect(chain.taken.length).toBeGreaterThanOrEqual(20)
  expect(chain.shown.length).toBeGreaterThanOrEqual(10)
})

test('without commit-reveal each epoch has its weights at once', async () => {
  const { chain, store, blocks } = subject()
  onTestFinished(() => store.close())
  chain.commitReveal = false
  await blocks(20 * 10)
  expect(chain.shown.length).toBeGreaterThanOrEqual(9)
  expect(store.weights.done).toBe(chain.shown.length)
})

test('timelocked, each epoch has its commit, and nothing is revealed by us', async () => {
  const { chain, store, lines, blocks } = subject()
  onTestFinished(() => store.close())
  chain.timelocked = true
  await blocks(20 * 10)
  expect(chain.taken.length).toBeGreaterThanOrEqual(9)
  expect(store.weights.rows.map(({ kind, state }) => `${kind} ${state}`)).toEqual(
    chain.taken.map(() => 'timelocked done'),
  )
  expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(['weights committed; the chain reveals them by itself']))
})

test('commits go out in the second half of an epoch', async () => {
  const { chain, store, block } = subject()
  onTestFinished(() => store.close())
  for (let i = 0; i < 100; i++) {
    const before = chain.taken.length
    await block()
    // A submission takes one block more.
    if (chain.taken.length > before) expect(chain.block - chain.lastEpochBlock).toBeGreaterThanOrEqual(10)
  }
  expect(chain.taken.length).toBeGreaterThan(3)
})

test('a validator killed between commit and reveal reveals when it is back in time', async () => {
  const { chain, store, lines, block } = subject()
  onTestFinished(() => store.close())
  while (chain.taken.length === 0) await block()
  const [epoch] = chain.taken
  while (chain.epochIndex === epoch) chain.advance()
  await block()
  expect(chain.shown).toHaveLength(1)
  expect(lines.at(-1)).toMatchObject({ msg: 'weights revealed', epoch })
})

test('and when it is back too late says so, once, and commits again', async () => {
  const { chain, store, lines, block, blocks } = subject()
  onTestFinished(() => store.close())
  while (chain.taken.length === 0) await block()
  for (let i = 0; i < 45; i++) chain.advance()
  await blocks(60)
  expect(lines.filter(({ msg }) => msg.includes('lost:'))).toMatchObject([{ epoch: chain.taken[0], level: 40 }])
  expect(chain.taken.length).toBeGreaterThan(2)
  expect(chain.shown.length).toBeGreaterThan(0)
})

test.each([1, 3, 12, 15])(
  'a commit whose block is replaced by another is waited for, and revealed where it lands %i blocks later',
  async (landsIn) => {
    const { chain, store, lines, block, blocks } = subject()
    onTestFinished(() => store.close())
    chain.rateLimitBlocks = 5
    while (chain.taken.length === 0) await block()
    const hash = chain.hashOf(store.weights.rows[0]!)
    chain.retract(landsIn)
    await blocks(80)
    expect(lines.filter(({ msg }) => msg.includes('lost'))).toEqual([])
    expect(store.weights.rows.filter(({ state }) => state === 'refused')).toEqual([])
    expect(chain.shown[0]).toBe(hash)
    expect(chain.misplacedReveals).toEqual([])
    expect(new Set(chain.taken).size).toBe(chain.taken.length)
  },
)

test.each([
  ['without a permit', { mayValidate: false }, 'no validator permit'],
  ['with tempo 0', { tempoBlocks: 0 }, 'tempo 0'],
])('nothing is sent %s', async (_, rules, message) => {
  const { chain, store, lines, blocks } = subject()
  onTestFinished(() => store.close())
  Object.assign(chain, rules)
  await blocks(100)
  expect(chain.taken).toEqual([])
  expect(lines.filter(({ msg }) => msg.includes(message))).toHaveLength(1)
})

test('nothing is sent while there are no scores, which is said once', async () => {
  let known: Weights | NoWeights = { none: 'no miner has a score above 0' }
  const { chain, store, lines, blocks } = subject(() => known)
  onTestFinished(() => store.close())
  await blocks(50)
  expect(chain.taken).toEqual([])
  expect(lines.filter(({ msg }) => msg.includes('no miner has a score'))).toHaveLength(1)
  known = weights
  await blocks(40)
  expect(chain.taken.length).toBeGreaterThan(0)
})

test('the rate limit is waited for', async () => {
  const { chain, store, blocks } = subject()
  onTestFinished(() => store.close())
  chain.rateLimitBlocks = 55
  chain.lastUpdateBlock = 95
  const { taken } = chain
  await blocks(40)
  expect(taken).toEqual([])
  await blocks(200)
  expect(taken.length).toBeGreaterThanOrEqual(3)
  expect(store.weights.rows.every(({ state }) => state !== 'refused')).toBe(true)
})
