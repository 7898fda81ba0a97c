import type { Hash, Hotkey } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { certificateOf, type Neuron } from './getMetagraph.ts'
import { readOne } from './readMany.ts'

/** The certificate that a hotkey has published on a subnet; undefined where it has none there. */
export async function getNeuronCertificate(
  chain: Chain,
  options: { readonly netuid: number; readonly hotkey: Hotkey; readonly at?: Hash },
): Promise<Neuron['certificate']> {
  const { netuid, hotkey, at } = options
  return certificateOf(await readOne(chain, 'SubtensorModule', 'NeuronCertificates', [netuid, hotkey], at))
}
