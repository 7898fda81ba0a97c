import { expect, test } from 'vitest'
import { makeRecentCallers } from '../../../src/miner/recentCallers.ts'

const answered = (hotkey: string) =>
  ({ type: 'answered', hotkey, id: '1', domain: 'law', completionTokens: 1, elapsedMs: 1 }) as const

test('counts by hotkey, the last one first', () => {
  let now = 1_000
  const callers = makeRecentCallers(() => now)
  callers.onEvent(answered('a'))
  callers.onEvent({ type: 'opened', hotkey: 'c', remote: '' })
  now = 2_000
  callers.onEvent(answered('b'))
  now = 3_000
  callers.onEvent({ type: 'unanswered', hotkey: 'a', id: '2', domain: 'law', code: 'busy' })
  callers.onEvent(answered('a'))
  expect(callers.list()).toEqual([
    { hotkey: 'a', answered: 2, unanswered: 1, lastAtMs: 3_000, lastError: 'busy' },
    { hotkey: 'b', answered: 1, unanswered: 0, lastAtMs: 2_000 },
  ])
})

test('forgets those longest silent, so that hotkeys that come and go fill no memory', () => {
  const callers = makeRecentCallers()
  for (let i = 0; i < 2_000; i++) callers.onEvent(answered(`hotkey ${i}`))
  expect(callers.list()).toHaveLength(512)
  expect(callers.list()[0]).toMatchObject({ hotkey: 'hotkey 1999' })
  expect(callers.list().at(-1)).toMatchObject({ hotkey: 'hotkey 1488' })
})
