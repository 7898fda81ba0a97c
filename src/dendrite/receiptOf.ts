import type { DoneMessage } from '../wire/axonMessage.ts'
import { noModel, type Receipt, type Seal } from '../wire/receipt.ts'
import { type ReceiptCrypto, verifyReceipt } from '../wire/verifyReceipt.ts'
import type { Call } from './call.ts'
import type { ChannelParts } from './channel.ts'
import { DendriteError } from './dendriteError.ts'

/** The receipt that the axon must have signed if it saw what we see. */
export function receiptOf(call: Call, done: DoneMessage, seal: Seal, { target, options }: ChannelParts): Receipt {
  return {
    version: 1,
    miner: target.hotkey,
    caller: options.signer.address,
    genesis: options.genesis,
    netuid: options.netuid,
    requestId: done.id,
    domain: call.options.domain,
    requestHash: seal.requestHash,
    settingsHash: seal.settingsHash,
    modelFingerprint: seal.modelFingerprint,
    answerHash: seal.answerHash,
    traceHash: done.traceHash,
    promptTokens: done.promptTokens,
    completionTokens: done.completionTokens,
    issuedAtMs: seal.issuedAtMs,
    signature: seal.signature,
  }
}

/** Why an answer cannot be taken with this receipt; undefined: it fits, or none was asked for. */
export function receiptFault(
  call: Call,
  receipt: Receipt | undefined,
  { target: { publicKey, hotkey }, welcome }: ChannelParts,
  crypto: ReceiptCrypto,
): DendriteError | undefined {
  const { domain } = call.options
  if (receipt === undefined) {
    if (call.options.receipt === false) return undefined
    return new DendriteError(`the answer of ${hotkey} has no receipt`, { code: 'bad-receipt', part: 'missing' })
  }
  const modelFingerprint = welcome.models.find((model) => model.domain === domain)?.fingerprint ?? noModel
  const claims = { publicKey, request: call.request, answer: call.text, fields: { modelFingerprint } }
  const verdict = verifyReceipt(receipt, claims, crypto)
  if (verdict.ok) return undefined
  const message = `the answer of ${hotkey} has a receipt that does not fit: ${verdict.message}`
  return new DendriteError(message, { code: 'bad-receipt', part: verdict.part })
}
