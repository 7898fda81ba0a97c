import { z } from 'zod'
import {
  addressField,
  domainField,
  genesisField,
  hashField,
  idField,
  netuidField,
  signatureField,
  timestampField,
  tokenCountField,
} from './fields.ts'

/** What `modelFingerprint` holds where a miner answers without a model. */
export const noModel = '0'.repeat(64)

/**
 * The signed part of a receipt, in the order in which it is signed. All hashes are SHA-256, see `hashes.ts`.
 * New fields mean a new version, because the signed text is a list of lines.
 */
const receiptFields = {
  version: z.literal(1),
  /** The axon's hotkey, to which the chain binds the Ed25519 key that signed. */
  miner: addressField,
  /** The hotkey that asked. */
  caller: addressField,
  genesis: genesisField,
  netuid: netuidField,
  requestId: idField,
  domain: domainField,
  /** Over the messages. */
  requestHash: hashField,
  /** Over the rest of the request: limits, sampling, stop strings. */
  settingsHash: hashField,
  modelFingerprint: hashField,
  /** Over the answer's text. */
  answerHash: hashField,
  /** As the engine gave it, over the token ids and tool results. */
  traceHash: hashField,
  promptTokens: tokenCountField,
  completionTokens: tokenCountField,
  /** Unix time on the miner's clock. */
  issuedAtMs: timestampField,
}

export const receiptSchema = z.object({ ...receiptFields, signature: signatureField })

/** Evidence of one answer that anybody can check with the key that the miner published on chain. */
export type Receipt = Readonly<z.output<typeof receiptSchema>>
export type UnsignedReceipt = Omit<Receipt, 'signature'>
export type ReceiptField = keyof UnsignedReceipt

/**
 * What of a receipt crosses the wire. The rest stands in the same message or was settled by the hello, and the caller
 * puts it in itself; the hashes, which it could compute, tell it which part the two ends see differently.
 */
export const sealSchema = receiptSchema.pick({
  requestHash: true,
  settingsHash: true,
  modelFingerprint: true,
  answerHash: true,
  issuedAtMs: true,
  signature: true,
})

export type Seal = Readonly<z.output<typeof sealSchema>>

const tag = 'faculty-receipt-v1'

/**
 * The text that the axon's Ed25519 key signs: the tag `faculty-receipt-v1` and then the fields in the order of `Receipt`,
 * `version` left out since the tag holds it; each on a line of its own that ends with a line feed (0x0a), numbers in
 * decimal, all of it ASCII. No field can hold a line feed, so two receipts never share their text.
 */
export function receiptText(receipt: UnsignedReceipt): string {
  const r = receipt
  return (
    `${tag}\n${r.miner}\n${r.caller}\n${r.genesis}\n${r.netuid}\n${r.requestId}\n${r.domain}\n${r.requestHash}\n` +
    `${r.settingsHash}\n${r.modelFingerprint}\n${r.answerHash}\n${r.traceHash}\n${r.promptTokens}\n` +
    `${r.completionTokens}\n${r.issuedAtMs}\n`
  )
}
