import {
  type Behaviour,
  constant,
  copyOf,
  hasty,
  honest,
  injection,
  lookUp,
  swapped,
  validatorsOnly,
} from './behaviour.ts'
import type { PopulationMiner } from './population.ts'
import type { SimMiner } from './simulation.ts'

const cheapSkill = 0.3

/**
 * A miner of a population as the simulation takes it.
 *
 * @param swapRound from which a swapped model is the cheap one
 */
export function simMinerOf(miner: PopulationMiner, swapRound: number): SimMiner {
  const hotkey = miner.name
  const behaviour = behaviourOf(miner, swapRound)
  // One who copies, and hotkeys with one model, draw from one stream.
  if (miner.attack === 'copy') return { hotkey, behaviour, source: miner.source! }
  return miner.attack === 'hotkeys' ? { hotkey, behaviour, source: 'hotkeys' } : { hotkey, behaviour }
}

function behaviourOf({ attack, skill = 0 }: PopulationMiner, swapRound: number): Behaviour {
  if (attack === undefined) return honest(skill)
  switch (attack) {
    case 'hotkeys':
      return honest(skill)
    case 'copy':
      return copyOf(honest(skill))
    case 'swapped':
      return swapped(skill, cheapSkill, swapRound)
    case 'validators-only':
      return validatorsOnly(skill)
    case 'constant':
      return constant
    case 'look-up':
      return lookUp
    case 'injection':
      return injection
    case 'hasty':
      return hasty
    case 'friend':
      return () => undefined
  }
}
