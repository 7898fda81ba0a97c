import { expect, test } from 'vitest'
import type { Target } from '../../../../src/dendrite/target.ts'
import type { Miner } from '../../../../src/validator/miners.ts'
import { rewardsOf } from '../../../../src/validator/scoring/rewards.ts'
import type { MinerRecord } from '../../../../src/validator/store.ts'

const minerOf = (uid: number): Miner => ({
  uid,
  hotkey: `miner-${uid}`,
  target: { host: `10.0.${uid}.1`, port: 8_091, hotkey: `miner-${uid}`, publicKey: new Uint8Array(32).fill(uid) },
})

/** So many of 100 answers are right. */
const recordOf = (right: number): MinerRecord => {
  const answers = Array.from({ length: 100 }, (_, i) => {
    const score = i < right ? 1 : 0
    return { id: i, round: i, family: 'any', kind: 'scored' as const, score, chance: 0, lateness: 0 }
  })
  return { domains: ['law'], answers: new Map([['law', answers]]), scored: 100, failed: 0 }
}

const miners = [minerOf(0), minerOf(1)]
const store = {
  miners: new Map([
    ['miner-0', recordOf(90)],
    ['miner-1', recordOf(45)],
  ]),
  pairs: new Map(),
  traffic: { served: new Map() },
}
const rules = { domains: new Set(['law']) }
const ratio = (rewards: ReturnType<typeof rewardsOf>): number =>
  rewards.get('miner-0')!.reward / rewards.get('miner-1')!.reward

test('rewards follow scores to the power that is asked for; the scores stay', () => {
  const plain = rewardsOf(miners, store, rules)
  const squared = rewardsOf(miners, store, { ...rules, power: 2 })
  expect(ratio(squared)).toBeCloseTo(ratio(plain) ** 2, 9)
  expect(squared.get('miner-0')!.own.score).toBe(plain.get('miner-0')!.own.score)
})

test('a miner whose address and certificate another announces keeps what it earns', () => {
  const squatter = { ...miners[0]!, uid: 2, hotkey: 'squatter' }
  const alone = rewardsOf(miners, store, rules).get('miner-0')!.reward
  const rewards = rewardsOf([...miners, squatter], store, rules)
  expect(rewards.get('squatter')!.reward).toBe(0)
  expect(rewards.get('miner-0')!.reward).toBeCloseTo(alone, 12)
})

test('nor does one at the address of the first, with the certificate of the second, make two miners one', () => {
  const [first, second] = miners.map(({ target }) => target as Target)
  const between: Miner = {
    uid: 2,
    hotkey: 'between',
    target: { ...first!, publicKey: second!.publicKey, hotkey: 'between' },
  }
  const rewardsWith = (all: readonly Miner[]): number[] => {
    const rewards = rewardsOf(all, store, rules)
    return miners.map(({ hotkey }) => rewards.get(hotkey)!.reward)
  }
  expect(rewardsWith([between, ...miners])).toEqual(rewardsWith(miners))
})

test('hotkeys of one certificate share, also behind one of them that answers nothing', () => {
  const { publicKey } = miners[0]!.target as Target
  const behind = (miner: Miner): Miner => ({ ...miner, target: { ...(miner.target as Target), publicKey } })
  const silent = behind(minerOf(7))
  const rewards = rewardsOf([silent, ...miners.map(behind)], store, rules)
  expect(rewards.get('miner-0')!.cluster?.hotkeys).toEqual(['miner-0', 'miner-1'])
  const alone = rewardsOf(miners, store, rules)
  expect(rewards.get('miner-0')!.reward + rewards.get('miner-1')!.reward).toBeLessThan(alone.get('miner-0')!.reward)
})
