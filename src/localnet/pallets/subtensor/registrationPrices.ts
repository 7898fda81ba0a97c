import { type BurnBounds, decayBurn, raiseBurn } from '../../../yuma/burnPrice.ts'
import type { BlockContext } from '../../pallet.ts'
import type { State } from '../../state.ts'
import { adjustRegistrationTerms, countRegistration, type Payment } from './intervalRegistration.ts'
import { netuids } from './mechanisms.ts'
import { storage } from './storage.ts'

function boundsOf(state: State, netuid: number): BurnBounds {
  return { min: state.get(storage.MinBurn, netuid), max: state.get(storage.MaxBurn, netuid) }
}

/**
 * Lets every subnet's registration price decay by one block and starts the per-block counts anew.
 *
 * @see facts: emission.md, 8
 */
export function updateRegistrationPrices(context: BlockContext): void {
  const { state, block } = context
  if (state.face.rules.registration === 'interval') {
    adjustRegistrationTerms(context)
    return
  }
  for (const netuid of netuids(state)) {
    const burn = state.get(storage.Burn, netuid)
    // Nothing decays before block 2, but the bounds always hold.
    const halfLifeBlocks = block > 1 ? state.get(storage.BurnHalfLife, netuid) : 0
    const next = decayBurn(burn, halfLifeBlocks, boundsOf(state, netuid))
    if (next !== burn) state.set(storage.Burn, [netuid], next)
    state.set(storage.RegistrationsThisBlock, [netuid], 0)
  }
  // Only root still counts by interval, and root has no epoch that could end one.
  const rootTempo = state.get(storage.Tempo, 0)
  if (rootTempo === 0 || block % rootTempo === 0) state.set(storage.RegistrationsThisInterval, [0], 0)
}

/** Raises the price right after a registration, or counts it for the next price. */
export function bumpRegistrationPrice(state: State, netuid: number, payment: Payment = 'burn'): void {
  if (state.face.rules.registration === 'interval') {
    countRegistration(state, netuid, payment)
    return
  }
  const raised = raiseBurn(
    state.get(storage.Burn, netuid),
    state.get(storage.BurnIncreaseMult, netuid),
    boundsOf(state, netuid),
  )
  state.set(storage.Burn, [netuid], raised)
}
