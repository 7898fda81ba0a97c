import { storageOf } from '../../storage.ts'
import { emissionItems } from './storage/emission.ts'
import { laterItems } from './storage/later.ts'
import { limitItems } from './storage/limits.ts'
import { networkItems } from './storage/networks.ts'
import { neuronItems } from './storage/neurons.ts'
import { reportedItems } from './storage/reported.ts'
import { stakingItems } from './storage/staking.ts'
import { weightItems } from './storage/weights.ts'

/**
 * All storage of SubtensorModule that our rules read or write, under on-chain names.
 *
 * @see facts: subtensor-metadata-424.json (types, hashers, defaults), subtensor-chain.md (a) (defaults of the fast build)
 */
export const storage = storageOf('SubtensorModule', {
  ...networkItems,
  ...neuronItems,
  ...stakingItems,
  ...emissionItems,
  ...weightItems,
  ...limitItems,
  ...reportedItems,
  ...laterItems,
})
