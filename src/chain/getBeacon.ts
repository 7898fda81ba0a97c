import type { Hash } from '../base/units.ts'
import type { Beacon } from '../timelock/beacon.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { readMany } from './readMany.ts'
import { asBigint, asBytes, asNumber, field } from './values.ts'

/** The beacon that a chain follows, and how far it has got. */
export interface ChainBeacon extends Beacon {
  /** Newest round whose pulse the chain has; 0 where it has none. */
  readonly lastRound: number
  /** Time of the block that this was read at, in milliseconds since 1970. */
  readonly timeMs: number
}

/**
 * Reads key, birth and pace of the beacon from the chain, since a localnet has one of its own.
 *
 * @throws ChainError `not-found` where the chain has no beacon, or one that has not begun
 */
export async function getBeacon(chain: Chain, options: { at?: Hash } = {}): Promise<ChainBeacon> {
  const [config, lastRound, timeMs] = await readMany(
    chain,
    [
      { pallet: 'Drand', item: 'BeaconConfig' },
      { pallet: 'Drand', item: 'LastStoredRound' },
      { pallet: 'Timestamp', item: 'Now' },
    ],
    options.at,
  )
  if (config === undefined) throw new ChainError('this chain has no beacon', { code: 'not-found', what: 'beacon' })
  const genesisTimeS = asNumber(field(config, 'genesisTime'))
  if (genesisTimeS === 0) {
    const mend = 'wait for the first block'
    throw new ChainError('the beacon of this chain has not begun', { code: 'not-found', what: 'beacon' }, { mend })
  }
  return {
    publicKey: asBytes(field(config, 'publicKey')),
    genesisTimeS,
    periodS: asNumber(field(config, 'period')),
    lastRound: Number(asBigint(lastRound)),
    timeMs: Number(asBigint(timeMs)),
  }
}
