import { makeRng } from '../../src/base/random.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import type { Outcome } from '../../src/validator/answersTable.ts'
import { windowAnswers } from '../../src/validator/scoring/addAnswers.ts'
import { openStore } from '../../src/validator/store.ts'
import { type BenchMiner, domain, genesis, netuid } from './validatorMiners.ts'

export const validatorUri = '//bench/validator'

/** Makes the database of a validator that has asked these miners for days: full windows, shared tasks of each two. */
export async function rememberMiners(path: string, miners: readonly BenchMiner[]): Promise<void> {
  const store = openStore(path, { genesis, netuid, hotkey: (await pairFromUri(validatorUri)).address })
  const rng = makeRng('bench')
  const hotkeys = miners.map(({ hotkey }) => hotkey)
  const outcomes = hotkeys.flatMap((hotkey) =>
    Array.from({ length: windowAnswers }, (_, round): Outcome => {
      const about = { hotkey, domain, round: 0, family: 'apples', chance: 0.25, kind: 'scored' as const }
      const score = rng.bool(0.8) ? 1 : 0
      return { ...about, score, confidence: 0.8, lateness: 0.01, note: `said ${round}, right is ${round}` }
    }),
  )
  const pairs = hotkeys.flatMap((a) => hotkeys.filter((b) => a < b).map((b) => ({ a, b, evidence: -1 })))
  store.record(outcomes, pairs)
  store.close()
}
