import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'

/**
 * Makes the next extrinsic in a block fail, whatever it does: it is included, pays its fee and has no other effect.
 *
 * @param error name of a pallet's error, `SubtensorModule.HotKeyNotRegisteredInSubNet`; default the nameless `Other`
 * @throws InputError for an error that no pallet declares
 */
export function failNextExtrinsic(node: LocalNode, error?: string): void {
  if (error === undefined) {
    node.failNext({ type: 'Other' })
    return
  }
  const [palletName, name] = error.split('.')
  const pallet = node.runtime.pallets.find((one) => one.name === palletName)
  const index = pallet?.errors[name ?? '']
  if (pallet === undefined || index === undefined) {
    throw new InputError('error', error, 'name one that metadata declares, as SubtensorModule.NotEnoughStake')
  }
  node.failNext({ type: 'Module', 0: { index: pallet.index, error: Uint8Array.of(index, 0, 0, 0) } })
}
