import { accountId, netUid } from '../../scale/chainTypes.ts'
import { u32 } from '../../scale/types.ts'
import { identity, optionalMap, storageOf, twox64, value } from '../../storage.ts'
import { registration, revealed, timelockedIndex, usageTracker } from './types.ts'

const byHotkey = [identity(netUid), twox64(accountId)] as const

/** @see facts: subtensor-metadata-424.json */
export const storage = storageOf('Commitments', {
  TimelockedIndex: value(timelockedIndex, []),
  CommitmentOf: optionalMap(byHotkey, registration),
  /** Block of the last commitment. */
  LastCommitment: optionalMap(byHotkey, u32),
  LastBondsReset: optionalMap(byHotkey, u32),
  RevealedCommitments: optionalMap(byHotkey, revealed),
  UsedSpaceOf: optionalMap(byHotkey, usageTracker),
  /** Bytes that a hotkey may commit in one epoch of a subnet. */
  MaxSpace: value(u32, 3100),
})
