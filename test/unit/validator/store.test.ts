import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { addAnswer, type DomainAverage } from '../../../src/validator/scoreBook.ts'
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
  for (let i = 0; i < 50; i++) first.record(outcomeOf(i))
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
  first.record(outcomeOf(1))
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
    expect(averagesIn(store)).toEqual(averagesAfter(total))
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

function averagesAfter(count: number): Record<string, DomainAverage> {
  const averages: Record<string, DomainAverage> = {}
  for (let i = 0; i < count; i++) {
    const outcome = outcomeOf(i)
    const key = `${outcome.hotkey} ${outcome.domain}`
    averages[key] = addAnswer(averages[key], outcome)
  }
  return averages
}

function averagesIn({ miners }: Store): Record<string, DomainAverage> {
  return Object.fromEntries(
    [...miners].flatMap(([hotkey, { averages }]) =>
      [...averages].map(([domain, average]) => [`${hotkey} ${domain}`, average]),
    ),
  )
}
