import { call } from '../../pallet.ts'
import { netUid } from '../../scale/chainTypes.ts'
import { u16 } from '../../scale/types.ts'
import { errors } from '../subtensor/errors.ts'
import { storage } from '../subtensor/storage.ts'
import { changeAsOwner } from './setting.ts'

/** About 2.5 %, in parts of 65535. */
const leastAlpha = 1638

export const liquidAlphaCalls = {
  sudo_set_alpha_values: call(
    51,
    { netuid: netUid, alpha_low: u16, alpha_high: u16 },
    (context, { netuid, alpha_low, alpha_high }) => {
      const { state } = context
      changeAsOwner(context, netuid, { kind: 'hyperparameter', parameter: { type: 'AlphaValues' } }, () => {
        if (!state.get(storage.LiquidAlphaOn, netuid)) throw errors.LiquidAlphaDisabled()
        if (alpha_high < leastAlpha) throw errors.AlphaHighTooLow()
        if (alpha_low < leastAlpha || alpha_low > alpha_high) throw errors.AlphaLowOutOfRange()
        state.set(storage.AlphaValues, [netuid], [alpha_low, alpha_high])
      })
    },
  ),
}
