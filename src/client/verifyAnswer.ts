import { fromHex } from '../keys/hex.ts'
import type { AnswerProof } from '../wire/answerProof.ts'
import type { AskRequest } from '../wire/askRequest.ts'
import { type ReceiptVerdict, verifyReceipt } from '../wire/verifyReceipt.ts'

/** An answer with all that a stranger needs to check its receipt. */
export interface ProvenAnswer extends Pick<AnswerProof, 'receipt' | 'miner' | 'publicKey'> {
  readonly domain: string
  /** What was asked, defaults filled in. */
  readonly request: AskRequest
  readonly text: string
  readonly promptTokens: number
  readonly completionTokens: number
}

/**
 * Checks the receipt of an answer without a chain: that it is about this miner, domain, request, text and token counts,
 * and that the key signed it.
 *
 * What this cannot tell is whose key it is. That takes the chain: the key must be the one that `NeuronCertificates` holds
 * for the receipt's miner on the receipt's subnet, on the chain with the receipt's genesis hash. `faculty receipt verify`
 * looks there; elsewhere, read it and give it as `publicKey`.
 *
 * @param publicKey 32 bytes; default: the key that the gateway named
 */
export function verifyAnswer(answer: ProvenAnswer, publicKey = fromHex(answer.publicKey, 32)): ReceiptVerdict {
  const { receipt, miner, domain, request, text, promptTokens, completionTokens } = answer
  const fields = { miner: miner.hotkey, domain, promptTokens, completionTokens }
  return verifyReceipt(receipt, { publicKey, request, answer: text, fields })
}
