import { accountId, netUid } from '../../../scale/chainTypes.ts'
import { u16, u64 } from '../../../scale/types.ts'
import { blake2, identity, map, value } from '../../../storage.ts'
import { rateLimitKey } from '../types.ts'

/** How often things may be done, and when they were done last. All in blocks unless said otherwise. */
export const limitItems = {
  AdminFreezeWindow: value(u16, 10),
  /** In tempos. */
  OwnerHyperparamRateLimit: value(u16, 2),
  TxRateLimit: value(u64, 1000n),
  TxDelegateTakeRateLimit: value(u64, 216_000n),
  TxChildkeyTakeRateLimit: value(u64, (build) => (build === 'fast' ? 5n : 216_000n)),
  /** netuid, coldkey → block of its last hotkey swap there. */
  LastHotkeySwapOnNetuid: map([identity(netUid), blake2(accountId)], u64, 0n),
  ServingRateLimit: map([identity(netUid)], u64, 50n),
  WeightsSetRateLimit: map([identity(netUid)], u64, 100n),
  /** In tempos. */
  WeightsVersionKeyRateLimit: value(u64, 5n),
  LastRateLimitedBlock: map([identity(rateLimitKey)], u64, 0n),
  /** account, netuid, transaction type. */
  TransactionKeyLastBlock: map([blake2(accountId), identity(netUid), identity(u16)], u64, 0n),
}
