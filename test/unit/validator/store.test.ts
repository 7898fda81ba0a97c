import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { addAnswers } from '../../../src/validator/scoring/addAnswers.ts'
import type { ScoredAnswer } from '../../../src/validator/scoring/scoredAnswer.ts'
import { openStore, type Store } from '../../../src/validator/store.ts'
import { ValidatorError } from '../../../src/validator/validatorError.ts'
import { outcomeOf } from './scoreInALoop.ts'
import { identity, scratchFolder } from './scratch.ts'

const draft = {
  kind: 'commit',
  epoch: 7,
  block: 150,
  uids: [1, 4],
  values: [65_535, 12],
  salt: [1, 2, 65_535],
  versionKey: 2n ** 64n - 1n,
} as const

function failureOf(run: () => Store): ValidatorError {
  try {
    run().close()
  } catch (error) {
    if (error instanceof ValidatorError) return error
    throw error
  }
  throw new Error('it opened')
}

test('what was recorded, declared and committed is there after a restart', () => {
  const path = join(scratchFolder(), 'deeper', 'scores.db')
  const first = openStore(path, identity)
  first.declare('miner-1', ['law', 'finance'])
  for (let i = 0; i < 50; i++) first.record([outcomeOf(i)])
  const row = first.weights.add(draft)
  first.weights.setState(row.id, 'committed', { epoch: 8, block: 152 })
  const miners = new Map(first.miners)
  const answers = { ...first.answers }
  first.close()

  const second = openStore(path, identity)
  expect(second.answers).toEqual(answers)
  expect(answers.scored + answers.failed).toBe(50)
  expect(second.miners).toEqual(miners)
  expect(second.miners.get('miner-1')!.domains).toEqual(['law', 'finance'])
  expect(second.weights.rows).toEqual([{ ...draft, id: row.id, state: 'committed', epoch: 8, block: 152 }])
  second.close()
})

test('weights count once, when they are done, and over restarts', () => {
  const path = join(scratchFolder(), 'scores.db')
  const store = openStore(path, identity)
  const a = store.weights.add(draft)
  const b = store.weights.add({ ...draft, epoch: 8 })
  store.weights.setState(a.id, 'done')
  store.weights.setState(a.id, 'done')
  store.weights.setState(b.id, 'lost')
  expect(store.weights.done).toBe(1)
  expect(store.weights.rows.map(({ id, state }) => [id, state])).toEqual([
    [b.id, 'lost'],
    [a.id, 'done'],
  ])
  store.close()
  const again = openStore(path, identity)
  expect(again.weights.done).toBe(1)
  again.close()
})

test('only the newest weights are kept', () => {
  const store = openStore(':memory:', identity)
  for (let epoch = 0; epoch < 230; epoch++) store.weights.add({ ...draft, epoch })
  expect(store.weights.rows).toHaveLength(200)
  expect(store.weights.rows.at(-1)!.epoch).toBe(30)
  store.close()
})

test('a chain that begins anew takes the weights of its earlier run with it, not the scores', () => {
  const path = join(scratchFolder(), 'scores.db')
  const first = openStore(path, identity)
  expect(first.meetChain('0xaa')).toBe(false)
  first.record([outcomeOf(1)])
  first.weights.setState(first.weights.add(draft).id, 'done')
  expect(first.meetChain('0xaa')).toBe(false)
  expect([first.takeRound(), first.takeRound()]).toEqual([0, 1])
  first.close()
  const second = openStore(path, identity)
  expect(second.meetChain('0xbb')).toBe(true)
  expect(second.weights.rows).toEqual([])
  expect(second.weights.done).toBe(1)
  expect(second.answers.scored).toBe(1)
  expect(second.takeRound()).toBe(2)
  second.close()
})

test.each([
  ['genesis', { genesis: `0x${'22'.repeat(32)}` }],
  ['netuid', { netuid: 2 }],
  ['hotkey', { hotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' }],
])('the database of another %s is refused', (field, other) => {
  const path = join(scratchFolder(), 'scores.db')
  openStore(path, identity).close()
  const { failure, message, mend } = failureOf(() => openStore(path, { ...identity, ...other }))
  expect(failure).toEqual({ code: 'wrong-database', path, field })
  expect(message).toContain(String(identity[field as keyof typeof identity]))
  expect(mend).toContain('--db')
  openStore(path, identity).close()
})

test('a file that is no database is refused and left as it is', () => {
  const path = join(scratchFolder(), 'notes.txt')
  writeFileSync(path, 'my shopping list\n'.repeat(300))
  const { size } = statSync(path)
  expect(failureOf(() => openStore(path, identity)).failure).toEqual({ code: 'bad-database', path })
  expect(statSync(path).size).toBe(size)
})

test('a round is written all or none: what fails on its way leaves memory and disk as they were', () => {
  const path = join(scratchFolder(), 'scores.db')
  const first = openStore(path, identity)
  first.record([outcomeOf(1)])
  const bad = { ...outcomeOf(3), score: 'none' as unknown as number }
  expect(() => first.record([outcomeOf(2), bad])).toThrow()
  expect(first.answers).toEqual({ scored: 1, failed: 0 })
  first.close()
  const second = openStore(path, identity)
  expect(second.answers).toEqual({ scored: 1, failed: 0 })
  expect(second.miners.size).toBe(1)
  second.close()
})

test('what two miners had in common is added up, within its bounds, and is there after a restart', () => {
  const path = join(scratchFolder(), 'scores.db')
  const first = openStore(path, identity)
  const news = { a: 'miner-1', b: 'miner-2', evidence: 5 }
  first.record([], [{ ...news, first: 'a' }, { ...news, first: 'a' }, news])
  first.record([], [{ ...news, evidence: 90, first: 'b' }])
  const expected = { a: 'miner-1', b: 'miner-2', evidence: 24, aFirst: 2, bFirst: 1 }
  expect([...first.pairs.values()]).toEqual([expected])
  first.close()
  const second = openStore(path, identity)
  expect([...second.pairs.values()]).toEqual([expected])
  second.close()
})

test('a miner that becomes worse loses its past, on the disk as well', () => {
  const path = join(scratchFolder(), 'scores.db')
  const first = openStore(path, identity)
  const answer = { ...outcomeOf(1), hotkey: 'miner-1', domain: 'law' }
  first.record(Array.from({ length: 100 }, () => ({ ...answer, score: 1 })))
  const falls = Array.from({ length: 12 }, () => first.record([{ ...answer, round: 9, score: 0 }])).flat()
  expect(falls).toHaveLength(1)
  const { answers, fallen } = first.miners.get('miner-1')!
  expect(fallen).toBe(9)
  expect(answers.get('law')!.every(({ score }) => score === 0)).toBe(true)
  first.close()
  const second = openStore(path, identity)
  expect(second.miners.get('miner-1')).toEqual({ domains: [], answers, fallen: 9, scored: 112, failed: 0 })
  second.close()
})

test('of a miner that has long been gone only its counts are kept, in memory and on the disk', () => {
  const path = join(scratchFolder(), 'scores.db')
  const far = 300_000
  const answer = { ...outcomeOf(1), domain: 'law' }
  const pair = { evidence: 5, first: 'a' } as const
  const first = openStore(path, identity)
  first.record(
    ['gone', 'here', 'there'].flatMap((hotkey) => [1, 2].map((round) => ({ ...answer, hotkey, round }))),
    [
      { ...pair, a: 'gone', b: 'here' },
      { ...pair, a: 'here', b: 'there' },
    ],
  )
  first.record(['here', 'there'].map((hotkey) => ({ ...answer, hotkey, round: far - 9 })))
  first.close()
  const database = new Database(path)
  database.prepare('INSERT OR REPLACE INTO notes VALUES (?, ?)').run('round', String(far))
  database.close()

  const second = openStore(path, identity)
  second.takeRound()
  const seen = (store: Store): unknown => ({
    kept: [...store.miners].map(([hotkey, { answers, scored }]) => [hotkey, answers.get('law')?.length ?? 0, scored]),
    pairs: [...store.pairs.values()].map(({ a, b }) => [a, b]),
    answers: store.answers,
  })
  const expected = {
    kept: [
      ['gone', 0, 2],
      ['here', 3, 3],
      ['there', 3, 3],
    ],
    pairs: [['here', 'there']],
    answers: { scored: 8, failed: 0 },
  }
  expect(seen(second)).toEqual(expected)
  second.close()
  const third = openStore(path, identity)
  expect(seen(third)).toEqual(expected)
  third.close()
})

test('a database in use is refused', () => {
  const path = join(scratchFolder(), 'scores.db')
  const store = openStore(path, identity)
  expect(failureOf(() => openStore(path, identity)).failure).toEqual({ code: 'database-in-use', path })
  store.close()
  openStore(path, identity).close()
})

test('kill -9 loses no score, whenever it comes', { timeout: 60_000 }, async () => {
  const path = join(scratchFolder(), 'scores.db')
  for (const killAfter of [1, 40, 200]) {
    const said = await scoreUntil(path, killAfter)
    const store = openStore(path, identity)
    const total = store.answers.scored + store.answers.failed
    // What it said it had recorded is there, and at most the one it was about to say.
    expect(total).toBeGreaterThanOrEqual(said)
    expect(total).toBeLessThanOrEqual(said + 1)
    expect(answersIn(store)).toEqual(answersAfter(total))
    store.close()
  }
})

/** Lets a process of its own score until it has said this many more lines, and kills it. @returns its last word */
async function scoreUntil(path: string, lines: number): Promise<number> {
  const script = fileURLToPath(new URL('./scoreInALoop.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, FACULTY_TEST_STORE: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let seen = 0
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    seen = text.split('\n').length - 1
    if (seen >= lines) child.kill('SIGKILL')
  })
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1))
}

function answersAfter(count: number): Record<string, readonly ScoredAnswer[]> {
  const answers: Record<string, readonly ScoredAnswer[]> = {}
  for (let i = 0; i < count; i++) {
    const { hotkey, domain, ...answer } = outcomeOf(i)
    const key = `${hotkey} ${domain}`
    answers[key] = addAnswers(answers[key] ?? [], [answer]).kept
  }
  return answers
}

function answersIn({ miners }: Store): Record<string, readonly ScoredAnswer[]> {
  return Object.fromEntries(
    [...miners].flatMap(([hotkey, { answers }]) =>
      [...answers].map(([domain, list]) => [`${hotkey} ${domain}`, list.map(({ id: _, ...answer }) => answer)]),
    ),
  )
}
