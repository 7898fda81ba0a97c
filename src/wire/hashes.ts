import { bytesToHex } from '@noble/hashes/utils.js'
import { sha256 } from '../keys/hash.ts'
import type { AskRequest } from './askRequest.ts'

/** SHA-256 of a text's UTF-8 bytes as 64 hex digits. Handed in, so that Node can use its native one. */
export type TextHash = (text: string) => string

const encoder = new TextEncoder()

/** The portable `TextHash`. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(encoder.encode(text)))
}

// The canonical JSON of `canonicalJson` is written out here for these two shapes, because both ends need it for each
// receipt; a test compares them.

/** SHA-256 over the canonical JSON of the messages: what was asked. */
export function requestHash({ messages }: AskRequest, hash: TextHash = sha256Hex): string {
  let text = '['
  for (const { content, role } of messages) {
    text += `${text === '[' ? '' : ','}{"content":${JSON.stringify(content)},"role":"${role}"}`
  }
  return hash(`${text}]`)
}

/** SHA-256 over the canonical JSON of the request without its messages: how it was to be answered. */
export function settingsHash(request: AskRequest, hash: TextHash = sha256Hex): string {
  const { maxTokens, minP, seed, stop, temperature, topK, topP } = request
  return hash(
    `{"maxTokens":${maxTokens}${setting('minP', minP)}${setting('seed', seed)}` +
      `${stop === undefined ? '' : `,"stop":${JSON.stringify(stop)}`},"temperature":${temperature}` +
      `${setting('topK', topK)}${setting('topP', topP)}}`,
  )
}

function setting(name: string, value: number | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`
}

/** SHA-256 over the answer's text, its pieces joined. Half a surrogate pair counts as U+FFFD, as in any UTF-8 encoder. */
export function answerHash(answer: string, hash: TextHash = sha256Hex): string {
  return hash(answer)
}
