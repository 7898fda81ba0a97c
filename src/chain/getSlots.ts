import type { Hash } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { hasStorage, type Read, readMany } from './readMany.ts'
import { asBigint, asNumber } from './values.ts'

/** The places of a subnet: how many there are, and what protects those who hold them. */
export interface Slots {
  readonly maxNeurons: number
  readonly immunityBlocks: number
  /** See `PruningState`. */
  readonly minNonImmune: number
  readonly spared: number
  /** By uid. */
  readonly registeredAtBlock: readonly number[]
  /** What a TAO of root stake counts beside one alpha, as a fraction of 2^64 − 1. */
  readonly taoWeight: bigint
}

const pallet = 'SubtensorModule'

/** @param options `neurons` how many uids the subnet has at that block */
export async function getSlots(chain: Chain, options: { netuid: number; neurons: number; at: Hash }): Promise<Slots> {
  const { netuid, neurons, at } = options
  const perSubnet = ['MaxAllowedUids', 'ImmunityPeriod', 'MinNonImmuneUids', 'ImmuneOwnerUidsLimit']
  // Releases before 393 lack one or two of them, and with them the protection.
  const known = perSubnet.filter((item) => hasStorage(chain, pallet, item))
  const reads: Read[] = [
    { pallet, item: 'TaoWeight' },
    ...Array.from({ length: neurons }, (_, uid) => ({ pallet, item: 'BlockAtRegistration', keys: [netuid, uid] })),
    ...known.map((item) => ({ pallet, item, keys: [netuid] })),
  ]
  const values = await readMany(chain, reads, at)
  const [taoWeight, ...rest] = values
  const of = (item: string): number => {
    const place = known.indexOf(item)
    return place === -1 ? 0 : asNumber(rest[neurons + place])
  }
  return {
    maxNeurons: of('MaxAllowedUids'),
    immunityBlocks: of('ImmunityPeriod'),
    minNonImmune: of('MinNonImmuneUids'),
    spared: of('ImmuneOwnerUidsLimit'),
    registeredAtBlock: rest.slice(0, neurons).map(asNumber),
    taoWeight: asBigint(taoWeight),
  }
}
