import { hashHex } from '../extrinsic.ts'
import type { DispatchInfo } from '../fees.ts'
import {
  type BlockContext,
  badOrigin,
  call,
  type DispatchErrorValue,
  errorsOf,
  event,
  eventsOf,
  type Pallet,
  requireRoot,
  signer,
} from '../pallet.ts'
import type { EventRecord, Runtime, RuntimeParts } from '../runtime.ts'
import { eventRecordsOf } from '../runtimeTypes.ts'
import {
  type AccountId,
  accountId,
  accountInfo,
  dispatchError,
  type Hex32,
  h256,
  zeroAccount,
} from '../scale/chainTypes.ts'
import { digest, dispatchEventInfo } from '../scale/frameTypes.ts'
import { bytes, encode, tuple, u32, type ValueOf, vec } from '../scale/types.ts'
import type { State } from '../state.ts'
import { blake2, map, optional, storageKey, storageOf, twox64, value } from '../storage.ts'
import { blockHashCount, systemConstants } from './system/constants.ts'

const name = 'System'
const index = 0

export type AccountInfo = ValueOf<typeof accountInfo>

/** Accounts, and the block in execution. */
export const storage = storageOf(name, {
  Account: map([blake2(accountId)], accountInfo, {
    nonce: 0,
    consumers: 0,
    providers: 0,
    sufficients: 0,
    // The top bit tells that the account's references are counted the newer way.
    data: { free: 0n, reserved: 0n, frozen: 0n, flags: 1n << 127n },
  }),
  /** Between blocks always absent: the real chain, too, takes it away before it closes a block. */
  ExtrinsicCount: optional(u32),
  BlockHash: map([twox64(u32)], h256, zeroAccount),
  Number: value(u32, 0),
  ParentHash: value(h256, zeroAccount),
  /** Logs that the header had before the block was executed. */
  Digest: value(digest, { logs: [] }),
  EventCount: value(u32, 0),
})

const errorIndices = { CallFiltered: 5 }
const errorDocs = { CallFiltered: 'The origin filter prevent the call to be dispatched.' }
export const errors = errorsOf(name, index, errorIndices)

export const events = eventsOf(name, index, {
  ExtrinsicSuccess: event(0, { dispatch_info: dispatchEventInfo }),
  ExtrinsicFailed: event(1, { dispatch_error: dispatchError, dispatch_info: dispatchEventInfo }),
  NewAccount: event(3, { account: accountId }),
  KilledAccount: event(4, { account: accountId }),
  Remarked: event(5, { sender: accountId, hash: h256 }),
})

const hex = (key: Uint8Array): string => `0x${Buffer.from(key).toString('hex')}`

const calls = {
  remark: call(0, { remark: bytes }, (context) => {
    if (context.origin.kind === 'none') throw badOrigin()
  }),
  set_storage: call(4, { items: vec(tuple(bytes, bytes)) }, (context, { items }) => {
    requireRoot(context)
    for (const [key, bytes] of items) context.state.setRaw(hex(key), bytes)
  }),
  kill_storage: call(5, { keys: vec(bytes) }, (context, { keys }) => {
    requireRoot(context)
    for (const key of keys) context.state.setRaw(hex(key), null)
  }),
  kill_prefix: call(6, { prefix: bytes, subkeys: u32 }, (context, { prefix }) => {
    requireRoot(context)
    for (const key of context.state.keysRaw(hex(prefix))) context.state.setRaw(key, null)
  }),
  remark_with_event: call(7, { remark: bytes }, (context, { remark }) => {
    context.emit(events.Remarked, { sender: signer(context), hash: hashHex(remark) })
  }),
}

/** What is in every Substrate chain: accounts with nonces, the block's own data, events. */
export function system({ runtimeEvent, version }: RuntimeParts): Pallet {
  const { Events } = storageOf(name, { Events: value(eventRecordsOf(runtimeEvent), []) })
  return {
    name,
    index,
    storage: { ...storage, Events },
    calls,
    events,
    errors: errorIndices,
    errorDocs,
    constants: systemConstants(version),
  }
}

/** Only the type of its value hangs on the runtime. */
const eventsKey = storageKey(storageOf(name, { Events: value(bytes, new Uint8Array()) }).Events, [])

/** Opens a block: its number, its parent, its digest. */
export function startBlock(
  state: State,
  block: { readonly number: number; readonly parentHash: Hex32; readonly digest: ValueOf<typeof digest> },
): void {
  const { number, parentHash } = block
  state.set(storage.Number, [], number)
  state.set(storage.ParentHash, [], parentHash)
  state.set(storage.Digest, [], block.digest)
  state.set(storage.BlockHash, [number - 1], parentHash)
}

/** Closes a block: writes its events and forgets the oldest block hash, though never that of block 0. */
export function finishBlock(state: State, records: EventRecord[], { eventsType }: Pick<Runtime, 'eventsType'>): void {
  state.setRaw(eventsKey, encode(eventsType, records))
  state.set(storage.EventCount, [], records.length)
  const oldest = state.get(storage.Number) - blockHashCount - 1
  if (oldest > 0) state.remove(storage.BlockHash, oldest)
}

export function nonceOf(state: State, who: AccountId): number {
  return state.get(storage.Account, who).nonce
}

export function increaseNonce(state: State, who: AccountId): void {
  state.update(storage.Account, [who], (account) => ({ ...account, nonce: account.nonce + 1 }))
}

/** Whether anything keeps the account alive. One that was never funded may have a nonce all the same. */
export function hasReferences(state: State, who: AccountId): boolean {
  const { providers, sufficients } = state.get(storage.Account, who)
  return providers > 0 || sufficients > 0
}

/** Tells how an extrinsic's call ended. */
export function noteOutcome(context: BlockContext, info: DispatchInfo, error: DispatchErrorValue | undefined): void {
  const dispatch_info: ValueOf<typeof dispatchEventInfo> = {
    weight: { ref_time: BigInt(info.refTime), proof_size: BigInt(info.proofSize) },
    class: { type: info.class },
    pays_fee: { type: info.pays },
  }
  if (error === undefined) context.emit(events.ExtrinsicSuccess, { dispatch_info })
  else context.emit(events.ExtrinsicFailed, { dispatch_error: error, dispatch_info })
}
