import { hashHex } from '../extrinsic.ts'
import { badOrigin, type CallContext, call, errorsOf, event, eventsOf, type Pallet, signer } from '../pallet.ts'
import { accountId, h256 } from '../scale/chainTypes.ts'
import { boundedBytes } from '../scale/collections.ts'
import { auraPublic } from '../scale/frameTypes.ts'
import { encode, option, struct, u8, u32 } from '../scale/types.ts'
import { publicKeyBytes } from '../shield/keyEncapsulation.ts'
import { optional, optionalMap, storageOf, twox64 } from '../storage.ts'
import { storage as aura } from './aura.ts'

/**
 * Extrinsics that nobody can read before they are in a block. Each author announces an encryption key in its own block;
 * clients encrypt to the one of the author after next, the author of that block takes the extrinsic out and includes it.
 *
 * @see facts: current-generation.md, 2.4; subtensor `pallets/shield`
 */

const name = 'MevShield'
const index = 30

const encryptionKey = boundedBytes(u8, 2_048)

export const storage = storageOf(name, {
  /** Key of the block's own author. */
  CurrentKey: optional(encryptionKey),
  /** Key of the next block's author. */
  PendingKey: optional(encryptionKey),
  /** Key of the author after next: what clients encrypt to. */
  NextKey: optional(encryptionKey),
  AuthorKeys: optionalMap([twox64(auraPublic)], encryptionKey),
  /** First block for which the pending key is too late. */
  PendingKeyExpiresAt: optional(u32),
  NextKeyExpiresAt: optional(u32),
})

const errorIndices = { BadEncKeyLen: 0, Unreachable: 1 }
const errors = errorsOf(name, index, errorIndices)

const events = eventsOf(name, index, {
  EncryptedSubmitted: event(0, { id: h256, who: accountId }),
})

/** Key of the author whose turn comes so many slots from now; nothing where no authors are known. */
function authorIn({ state }: CallContext, slots: bigint): Uint8Array | undefined {
  const authorities = state.get(aura.Authorities)
  if (authorities.length === 0) return undefined
  return authorities[Number((state.get(aura.CurrentSlot) + slots) % BigInt(authorities.length))]
}

function put(
  { state }: CallContext,
  item: typeof storage.NextKey | typeof storage.PendingKey | typeof storage.CurrentKey,
  key: Uint8Array | undefined,
): void {
  if (key === undefined) state.remove(item)
  else state.set(item, [], key)
}

function expire(
  { state }: CallContext,
  item: typeof storage.NextKeyExpiresAt,
  key: Uint8Array | undefined,
  block: number,
): void {
  if (key === undefined) state.remove(item)
  else state.set(item, [], block)
}

/** Moves every key one place on, as its block comes one block closer. */
function rotate(context: CallContext): void {
  const { state, block } = context
  const [pending, next] = [state.get(storage.PendingKey), state.get(storage.NextKey)]
  const afterNext = authorIn(context, 2n)
  const coming = afterNext === undefined ? undefined : state.get(storage.AuthorKeys, afterNext)
  put(context, storage.CurrentKey, pending)
  put(context, storage.PendingKey, next)
  put(context, storage.NextKey, coming)
  expire(context, storage.PendingKeyExpiresAt, next, block + 2)
  expire(context, storage.NextKeyExpiresAt, coming, block + 3)
}

const submission = struct('', { who: accountId, ciphertext: boundedBytes(u8, 8_192) })

const calls = {
  /** By the author, in each of its blocks. Without a key nobody can encrypt to it. */
  announce_next_key: call(0, { enc_key: option(encryptionKey) }, (context, { enc_key }) => {
    if (context.origin.kind !== 'none') throw badOrigin()
    const author = authorIn(context, 0n)
    if (author === undefined) throw errors.Unreachable()
    rotate(context)
    if (enc_key === undefined) {
      context.state.remove(storage.AuthorKeys, author)
      return
    }
    if (enc_key.length !== publicKeyBytes) throw errors.BadEncKeyLen()
    context.state.set(storage.AuthorKeys, [author], enc_key)
  }),
  /** Only says that there is something; what is inside is the author's affair. */
  submit_encrypted: call(1, { ciphertext: boundedBytes(u8, 8_192) }, (context, { ciphertext }) => {
    const who = signer(context)
    context.emit(events.EncryptedSubmitted, { id: hashHex(encode(submission, { who, ciphertext })), who })
  }),
}

export const mevShield: Pallet = {
  name,
  index,
  storage,
  calls,
  events,
  errors: errorIndices,
  errorDocs: { BadEncKeyLen: 'The announced ML‑KEM encapsulation key length is invalid.', Unreachable: 'Unreachable.' },
  constants: {},
}
