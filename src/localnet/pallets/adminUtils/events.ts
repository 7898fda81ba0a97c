import { event, eventsOf } from '../../pallet.ts'
import { netUid } from '../../scale/chainTypes.ts'
import { bool, u16 } from '../../scale/types.ts'
import { u64f64 } from '../subtensor/types.ts'

/** The few changes that AdminUtils announces itself; SubtensorModule announces the others. */
export const events = eventsOf('AdminUtils', 19, {
  Yuma3EnableToggled: event(1, { netuid: netUid, enabled: bool }),
  BondsResetToggled: event(2, { netuid: netUid, enabled: bool }),
  BurnHalfLifeSet: event(3, { netuid: netUid, burn_half_life: u16 }),
  BurnIncreaseMultSet: event(4, { netuid: netUid, burn_increase_mult: u64f64 }),
  SubnetEmissionEnabledSet: event(5, { netuid: netUid, enabled: bool }),
})
