import * as ed25519 from '../keys/ed25519.ts'
import { fromHex } from '../keys/hex.ts'
import type { AskRequest } from './askRequest.ts'
import { answerHash, requestHash, settingsHash, sha256Hex, type TextHash } from './hashes.ts'
import { type Receipt, type ReceiptField, receiptText } from './receipt.ts'

/** What the reader of a receipt holds it against. What is left out is not compared; the signature always is. */
export interface ReceiptClaims {
  /** The miner's 32-byte Ed25519 key, from `NeuronCertificates` on chain. */
  readonly publicKey: Uint8Array
  readonly request?: AskRequest
  /** The whole text of the answer. */
  readonly answer?: string
  /** Further fields with the value that they must have. */
  readonly fields?: Readonly<Partial<Receipt>>
}

/** Native functions in place of the portable ones; they must give the same results. */
export interface ReceiptCrypto {
  readonly hash: TextHash
  /** @param text ASCII. @param signature 128 hex digits */
  readonly verify: (publicKey: Uint8Array, text: string, signature: string) => boolean
}

export type ReceiptVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly part: ReceiptField | 'signature'; readonly message: string }

const encoder = new TextEncoder()

const portable: ReceiptCrypto = {
  hash: sha256Hex,
  verify: (publicKey, text, signature) => ed25519.verify(publicKey, encoder.encode(text), fromHex(signature, 64)),
}

/**
 * Checks a receipt and names the first part that does not fit: the given fields in the order given, then `requestHash`,
 * `settingsHash`, `answerHash`, then the signature. Runs in browsers.
 */
export function verifyReceipt(receipt: Receipt, claims: ReceiptClaims, crypto = portable): ReceiptVerdict {
  const { request, answer, fields } = claims
  for (const part in fields) {
    const field = part as ReceiptField
    const wanted = fields[field]
    if (wanted !== undefined && receipt[field] !== wanted) return mismatch(field, wanted, receipt[field])
  }
  if (request !== undefined) {
    const asked = requestHash(request, crypto.hash)
    if (receipt.requestHash !== asked) return mismatch('requestHash', asked, receipt.requestHash)
    const settings = settingsHash(request, crypto.hash)
    if (receipt.settingsHash !== settings) return mismatch('settingsHash', settings, receipt.settingsHash)
  }
  if (answer !== undefined) {
    const answered = answerHash(answer, crypto.hash)
    if (receipt.answerHash !== answered) return mismatch('answerHash', answered, receipt.answerHash)
  }
  if (crypto.verify(claims.publicKey, receiptText(receipt), receipt.signature)) return { ok: true }
  return { ok: false, part: 'signature', message: 'the signature is not one of this key over this receipt' }
}

function mismatch(part: ReceiptField, expected: string | number, found: string | number): ReceiptVerdict {
  return { ok: false, part, message: `${part} is ${found} where ${expected} was expected` }
}
