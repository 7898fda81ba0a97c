import { writeSync } from 'node:fs'
import type { Outcome } from '../../../src/validator/answersTable.ts'
import { openStore } from '../../../src/validator/store.ts'
import { identity } from './scratch.ts'

/** The i-th outcome of a fixed, endless sequence over three miners and two domains. */
export function outcomeOf(i: number): Outcome {
  const kind = i % 5 === 0 ? 'failed' : 'scored'
  return {
    hotkey: `miner-${i % 3}`,
    domain: i % 2 === 0 ? 'law' : 'medicine',
    kind,
    round: i,
    family: 'sums',
    score: kind === 'failed' ? 0 : (i % 7) / 6,
    chance: (i % 4) / 4,
  }
}

// Run as a process of its own: records outcomes until it is killed and says how many it has.
const path = process.env.FACULTY_TEST_STORE
if (path !== undefined) {
  const store = openStore(path, identity)
  for (let i = store.answers.scored + store.answers.failed; ; i++) {
    store.record([outcomeOf(i)])
    writeSync(1, `${i + 1}\n`)
  }
}
