import { z } from 'zod'
import { FacultyError } from '../base/errors.ts'
import { pairFromMnemonic, pairFromSeed } from '../keys/derive.ts'
import * as ed25519 from '../keys/ed25519.ts'
import { fromHex } from '../keys/hex.ts'
import type { KeyPair, KeyType } from '../keys/keyPair.ts'
import * as sr25519 from '../keys/sr25519.ts'
import { decodeAddress, encodeAddress } from '../keys/ss58.ts'
import { encryptionOf } from './keyfileCipher.ts'
import { type KeyfileFault, WalletError } from './walletError.ts'

/** The public half of a key, under prefix 42. */
export interface PublicIdentity {
  readonly address: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly type: KeyType
}

/** A keyfile's content. `pair` is undefined where the file holds only the public half. */
export interface Keyfile extends PublicIdentity {
  readonly pair: KeyPair | undefined
}

/** Numbers of `cryptoType`; others exist in newer wallets and are not supported. */
const typeOf = new Map<number, KeyType>([
  [0, 'ed25519'],
  [1, 'sr25519'],
])

// Old writers put null, or leave out, what they do not have, and one misspelt the address field.
const text = z.string().optional().catch(undefined)
const schema = z.object({
  secretPhrase: text,
  secretSeed: text,
  privateKey: text,
  ss58Address: text,
  ' ss58Address': text,
  publicKey: text,
  accountId: text,
  cryptoType: z.union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)]).nullish(),
})
type Fields = z.output<typeof schema>

/**
 * Reads a keyfile that is not, or no longer, encrypted: the JSON of every btwallet and SDK generation, and the bare
 * phrase or hex of the time before. A secret must give the address that stands beside it; where it does not, the other
 * key type is tried, since old files are mislabelled.
 *
 * @param path where it came from, for the error
 * @throws WalletError `bad-keyfile`, which shows nothing of the content
 * @see facts: wallets.md, 2
 */
export async function parseKeyfile(file: Uint8Array, path: string): Promise<Keyfile> {
  if (encryptionOf(file) !== 'none') throw fault(path, 'encryption')
  const content = decodeText(file, path).trim()
  const json = parsedObject(content)
  if (json === undefined) return await parseBare(content, path)
  if ('encoded' in json && 'encoding' in json) throw fault(path, 'polkadot-export')
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw fault(path, 'crypto-type')
  const fields = parsed.data
  const type = typeOf.get(fields.cryptoType ?? 1)
  if (type === undefined) throw fault(path, 'crypto-type')
  const stated = statedKey(fields, path)
  const derive = derivation(fields)
  if (derive !== undefined) return fromSecret(derive, type, stated, path)
  if (stated === undefined) throw fault(path, 'format')
  return { address: encodeAddress(stated), publicKey: stated, type, pair: undefined }
}

async function parseBare(content: string, path: string): Promise<Keyfile> {
  const digits = content.replace(/^0x/, '')
  const fields: Partial<Fields> = {}
  if (/^[0-9a-fA-F]{64}$/.test(digits)) fields.secretSeed = digits
  else if (/^[0-9a-fA-F]{128}$/.test(digits)) fields.privateKey = digits
  else if (/^[a-z]+(?:\s+[a-z]+){11,23}$/.test(content)) fields.secretPhrase = content
  const derive = derivation(fields)
  if (derive === undefined) throw fault(path, 'format')
  return await fromSecret(derive, 'sr25519', undefined, path)
}

/** How to get a pair of either type from the first secret that the file has. */
function derivation(fields: Partial<Fields>): ((type: KeyType) => Promise<KeyPair>) | undefined {
  const { secretPhrase, secretSeed, privateKey } = fields
  if (secretPhrase !== undefined) return (type) => pairFromMnemonic(secretPhrase, type)
  if (secretSeed !== undefined) return async (type) => await pairFromSeed(fromHex(secretSeed, 32), type)
  if (privateKey !== undefined) return async (type) => await pairFromPrivateKey(fromHex(privateKey), type)
  return undefined
}

/** Ed25519: the seed, or seed and public key. sr25519: 64 bytes in canonical form, or a 32-byte seed. */
async function pairFromPrivateKey(secret: Uint8Array, type: KeyType): Promise<KeyPair> {
  if (type === 'ed25519') return ed25519.pairFromSeed(secret.subarray(0, 32))
  await sr25519.ready()
  return secret.length === 32 ? sr25519.pairFromSeed(secret) : sr25519.pairFromSecret(secret, 'canonical')
}

async function fromSecret(
  derive: (type: KeyType) => Promise<KeyPair>,
  type: KeyType,
  stated: Uint8Array | undefined,
  path: string,
): Promise<Keyfile> {
  const other = type === 'sr25519' ? 'ed25519' : 'sr25519'
  let unread: WalletError | undefined
  for (const candidate of stated === undefined ? [type] : ([type, other] as const)) {
    const pair = await derivedPair(derive, candidate, path)
    if (pair instanceof WalletError) unread ??= pair
    else if (stated === undefined || Buffer.from(stated).equals(pair.publicKey)) {
      return { address: pair.address, publicKey: pair.publicKey, type: candidate, pair }
    }
  }
  throw unread ?? fault(path, 'mismatch')
}

/** The fault where the secret is none of this type, as 64 bytes of an Ed25519 key are no sr25519 scalar. */
async function derivedPair(
  derive: (type: KeyType) => Promise<KeyPair>,
  type: KeyType,
  path: string,
): Promise<KeyPair | WalletError> {
  try {
    return await derive(type)
  } catch (error) {
    // Messages of the keys room hold no secrets, so the cause may stay.
    if (error instanceof FacultyError) return fault(path, 'secret', error)
    throw error
  }
}

/** The public key that the file states; its spellings, address and hex, must agree. */
function statedKey(fields: Fields, path: string): Uint8Array | undefined {
  const address = fields.ss58Address ?? fields[' ss58Address']
  const hex = fields.publicKey ?? fields.accountId
  try {
    const byAddress = address === undefined ? undefined : decodeAddress(address).publicKey
    const byHex = hex === undefined ? undefined : fromHex(hex, 32)
    if (byAddress === undefined || byHex === undefined || Buffer.from(byAddress).equals(byHex))
      return byAddress ?? byHex
  } catch (error) {
    if (!(error instanceof FacultyError)) throw error
    // The text in the field may be a secret in the wrong place, so the cause, which shows it, is dropped.
  }
  throw fault(path, 'mismatch')
}

function decodeText(file: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    // TextDecoder has one failure only.
    throw fault(path, 'encoding')
  }
}

/** Undefined for what is not a JSON object; the parser's own error quotes the text, so it is dropped. */
function parsedObject(content: string): object | undefined {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

const faults: Record<KeyfileFault, readonly [what: string, mend: string]> = {
  encoding: ['is neither text nor in a known encryption', 'restore it from its backup, or regenerate the key'],
  format: ['holds no key: no JSON of a keyfile, phrase or hex', 'restore it from its backup, or regenerate the key'],
  'polkadot-export': ['is a polkadot.js export, not a keyfile', 'regenerate the key from its phrase or seed'],
  'crypto-type': ['has a key type that is not supported', 'use an sr25519 or ed25519 key'],
  secret: ['holds a secret that cannot be read', 'restore it from its backup, or regenerate the key'],
  mismatch: ['states an address that its key does not have', 'restore it from its backup, or regenerate the key'],
  encryption: ['is encrypted', 'decrypt it with its password first'],
}

function fault(path: string, reason: KeyfileFault, cause?: unknown): WalletError {
  const [what, mend] = faults[reason]
  return new WalletError(`${path} ${what}`, { code: 'bad-keyfile', path, reason }, { mend, cause })
}
