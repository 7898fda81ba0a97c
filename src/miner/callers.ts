import type { Admission } from '../axon/answer.ts'
import type { SubnetView } from './minerChain.ts'

/** Who may ask: the hotkeys that are registered on the subnet, as of the last look at the chain. */
export interface Callers {
  update(view: SubnetView): void
  admit(hotkey: string): Admission
}

/** @param onUnknown hears of a hotkey that is not in the table, which may have registered since */
export function makeCallers(onUnknown: () => void): Callers {
  let stakes = new Map<string, bigint>()
  return {
    update: ({ neurons }) => {
      stakes = new Map(neurons.map(({ hotkey, alphaStake }) => [hotkey, alphaStake]))
    },
    admit: (hotkey) => {
      const stake = stakes.get(hotkey)
      if (stake !== undefined) return { ok: true, stake }
      onUnknown()
      return { ok: false, code: 'unknown-hotkey' }
    },
  }
}
