import * as ed25519 from '../keys/ed25519.ts'
import { fromHex } from '../keys/hex.ts'
import { answerHash, requestHash, settingsHash } from '../wire/hashes.ts'
import { receiptText } from '../wire/receipt.ts'
import type { ProvenAnswer } from './verifyAnswer.ts'

/** One thing that was looked at. `check` is the receipt's field, where it is one. */
export interface ReceiptCheck {
  readonly check: string
  readonly ok: boolean
  readonly detail: string
}

/** What the chain has to say about a receipt. */
export interface ChainFacts {
  readonly genesis: string
  /** Ed25519 key that the miner's hotkey has published on the receipt's subnet, in hex; undefined: none. */
  readonly publishedKey: string | undefined
}

const encoder = new TextEncoder()

/** All that can be held against a receipt without a chain, one line each, where `verifyAnswer` stops at the first fault. */
export function checkReceipt(answer: ProvenAnswer): ReceiptCheck[] {
  const { receipt, miner, publicKey, domain, request, text, promptTokens, completionTokens } = answer
  const signature = fromHex(receipt.signature, 64)
  const isSigned = ed25519.verify(fromHex(publicKey, 32), encoder.encode(receiptText(receipt)), signature)
  return [
    same('requestHash', receipt.requestHash, requestHash(request), 'these messages were asked'),
    same('settingsHash', receipt.settingsHash, settingsHash(request), 'with these settings'),
    same('answerHash', receipt.answerHash, answerHash(text), 'this is the text that the miner gave'),
    same('miner', receipt.miner, miner.hotkey, `hotkey ${miner.hotkey}`),
    same('domain', receipt.domain, domain, domain),
    same('promptTokens', receipt.promptTokens, promptTokens, String(promptTokens)),
    same('completionTokens', receipt.completionTokens, completionTokens, String(completionTokens)),
    line(
      'signature',
      isSigned,
      isSigned ? 'made by this key over this receipt' : 'not one of this key over this receipt',
    ),
  ]
}

/** What only the chain can tell: whether the key is the miner's. */
export function checkOnChain(
  { receipt, publicKey }: ProvenAnswer,
  { genesis, publishedKey }: ChainFacts,
): ReceiptCheck[] {
  const where = `the hotkey on subnet ${receipt.netuid}`
  const isPublished = publishedKey === publicKey
  const found = publishedKey === undefined ? 'no key is' : 'another key is'
  return [
    same('genesis', receipt.genesis, genesis, 'this chain'),
    line('publicKey', isPublished, isPublished ? `published by ${where}` : `${found} published by ${where} now`),
  ]
}

function same(check: string, found: string | number, wanted: string | number, fits: string): ReceiptCheck {
  const ok = found === wanted
  return line(check, ok, ok ? fits : `the receipt says ${found}, and ${wanted} was expected`)
}

function line(check: string, ok: boolean, detail: string): ReceiptCheck {
  return { check, ok, detail }
}
