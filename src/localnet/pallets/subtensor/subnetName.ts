import type { State } from '../../state.ts'
import { storage } from './storage.ts'

/** Names that the chain gives to subnets without an identity, by netuid. @see subtensor `subnets/symbols.rs` */
const names = `root apex omron templar targon kaito infinite subvortex ptn pretrain sturdy dippy horde dataverse palaidn
deval bitads 3gen cortex inference bitagent any-any meta social omega protein alchemy compute oracle coldint bet naschain
itsai ready mind logic automata tuning distributed edge chunk sportsensor masa graphite score gen42 neural condense
nextplace automl audio celium dojo frontier safescan unknown gradients gaia dippy-speach agent-arena unknown red_team
agentao lean-in chutes sad dad ta dha ain ghayn fa qaf kaf lam mim nun ha waw ya alef fehu uruz thurisaz ansuz raidho
kaunan cyr_yeru algiz berkanan ogham beith luis fearn sail nion forfeda ani bani gani doni eni vini ayp ben gim da ech
za armeni grave io dje gje ie dze hard_sign alfa alfas vida vida_small gamma gamma_small brahmi_a brahmi_aa brahmi_i
brahmi_ii brahmi_u la`
  .split(/\s/)
  .map((name) => (name === 'red_team' ? 'red team' : name))

/** UTF-8 of what a subnet is called: by its identity, else by its netuid. */
export function subnetName(state: State, netuid: number): Uint8Array {
  const own = state.get(storage.SubnetIdentitiesV3, netuid)?.subnet_name
  if (own !== undefined && own.length > 0) return own
  return Uint8Array.from(Buffer.from(names[netuid] ?? 'unknown'))
}
