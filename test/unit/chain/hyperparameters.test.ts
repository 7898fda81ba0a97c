import { expect, test } from 'vitest'
import type { Chain } from '../../../src/chain/connect.ts'
import { hyperparameterCall, settingOf } from '../../../src/chain/hyperparameters.ts'

/** A chain that has calls, each of which is composed to its own name. */
function chainWith(calls: readonly (readonly [pallet: string, name: string])[]): Chain {
  const tx: Record<string, Record<string, unknown>> = {}
  for (const [pallet, name] of calls) tx[pallet] = { ...tx[pallet], [name]: () => `${pallet}.${name}` }
  return { api: { tx } } as unknown as Chain
}

const tempo = ['adminUtils', 'sudoSetTempo'] as const
const old = ['subtensorModule', 'setActivityCutoffFactor'] as const
const moved = ['adminUtils', 'sudoSetActivityCutoffFactor'] as const

test('a call that the chain has moved is made where it works now', () => {
  const cutoff = (chain: Chain): unknown => hyperparameterCall(chain, 1, 'activity_cutoff_factor', '5000')
  expect(cutoff(chainWith([old, tempo]))).toBe('subtensorModule.setActivityCutoffFactor')
  expect(cutoff(chainWith([old, moved, tempo]))).toBe('adminUtils.sudoSetActivityCutoffFactor')
})

test("the tempo is the owner's where the chain lets the owner set it", () => {
  expect(settingOf(chainWith([old, tempo]), 'tempo')?.by).toBe('root')
  expect(settingOf(chainWith([old, moved, tempo]), 'tempo')?.by).toBe('owner')
  expect(settingOf(chainWith([old, moved, tempo]), 'kappa')?.by).toBe('root')
  expect(settingOf(chainWith([old]), 'toString')).toBeUndefined()
})
