import type { Pallet } from '../pallet.ts'
import { errorIndices } from './adminUtils/errors.ts'
import { events } from './adminUtils/events.ts'
import { globalCalls, retiredCalls } from './adminUtils/globalCalls.ts'
import { liquidAlphaCalls } from './adminUtils/liquidAlpha.ts'
import { ownerCalls } from './adminUtils/ownerCalls.ts'
import { ownerHotkeyCalls } from './adminUtils/ownerHotkeyCalls.ts'
import { rootCalls } from './adminUtils/rootCalls.ts'
import { uidCalls } from './adminUtils/uidCalls.ts'

/** The hyperparameters: who may change them, when, and within which bounds. */
export const adminUtils: Pallet = {
  name: 'AdminUtils',
  index: 19,
  storage: {},
  calls: {
    ...ownerCalls,
    ...uidCalls,
    ...liquidAlphaCalls,
    ...ownerHotkeyCalls,
    ...rootCalls,
    ...globalCalls,
    ...retiredCalls,
  },
  events,
  errors: errorIndices,
  constants: {},
}
