import type { State } from '../../state.ts'
import type { Drained } from './distribute.ts'
import { storage } from './storage.ts'

/** Alpha rao that a subnet has accrued since its last epoch, by whom it is for. */
export function pendingEmission(state: State, netuid: number): Drained {
  return {
    server: state.get(storage.PendingServerEmission, netuid),
    validator: state.get(storage.PendingValidatorEmission, netuid),
    root: state.get(storage.PendingRootAlphaDivs, netuid),
    ownerCut: state.get(storage.PendingOwnerCut, netuid),
  }
}

/** All of it together. */
export function pendingTotal(state: State, netuid: number): bigint {
  const { server, validator, root, ownerCut } = pendingEmission(state, netuid)
  return server + validator + root + ownerCut
}

/** Takes what has accrued, for the epoch to pay out. */
export function drainPending(state: State, netuid: number): Drained {
  const drained = pendingEmission(state, netuid)
  for (const item of [
    storage.PendingServerEmission,
    storage.PendingValidatorEmission,
    storage.PendingRootAlphaDivs,
    storage.PendingOwnerCut,
  ]) {
    state.set(item, [netuid], 0n)
  }
  return drained
}
