import type { AskRequest } from './askRequest.ts'
import type { DoneMessage } from './axonMessage.ts'
import type { AskMessage, HelloMessage } from './callerMessage.ts'
import { patterns } from './fields.ts'
import type { Seal } from './receipt.ts'
import { wireLimits as limits } from './wireLimits.ts'

// Hand-written checks of the hello and of the two messages that come with every question. They accept part of what the schemas accept:
// true means that the schema would take the value as it is, false means nothing, and the schema decides. On a round trip
// the schemas take some 3 µs (6 with a receipt) and these 1; the whole round trip over bare wss takes 40.
// A property test holds them against the schemas.

type Fields = Readonly<Record<string, unknown>>

export function isSurelyAsk(value: unknown): value is AskMessage {
  if (!isObject(value) || value.type !== 'ask') return false
  let known = 1
  if (isText(value.id, patterns.id)) known++
  if (isText(value.domain, patterns.domain)) known++
  if (isWhole(value.deadlineMs, 1)) known++
  if (isSurelyRequest(value.request)) known++
  if (typeof value.receipt === 'boolean') known++
  return known >= (value.receipt === undefined ? 5 : 6) && hasFields(value, known)
}

export function isSurelyHello(value: unknown): value is HelloMessage {
  return (
    isObject(value) &&
    value.type === 'hello' &&
    Number.isSafeInteger(value.protocol) &&
    isText(value.caller, patterns.address) &&
    isText(value.axon, patterns.address) &&
    isText(value.genesis, patterns.genesis) &&
    isWhole(value.netuid, 0) &&
    value.netuid <= 0xffff &&
    isText(value.channel, patterns.hash) &&
    isWhole(value.timestampMs, 0) &&
    isText(value.signature, patterns.signature) &&
    hasFields(value, 9)
  )
}

function isSurelyRequest(value: unknown): value is AskRequest {
  if (!isObject(value)) return false
  const { messages, maxTokens, temperature } = value
  if (!isWhole(maxTokens, 1) || maxTokens > limits.maxTokens) return false
  if (typeof temperature !== 'number' || !(temperature >= 0 && temperature <= 10)) return false
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > limits.maxMessages) return false
  // Sampling settings and stop strings are left to the schema.
  return hasFields(value, 3) && messages.every(isSurelyChatMessage)
}

function isSurelyChatMessage(value: unknown): boolean {
  if (!isObject(value) || typeof value.content !== 'string') return false
  const { role } = value
  return (role === 'user' || role === 'system' || role === 'assistant') && hasFields(value, 2)
}

export function isSurelyDone(value: unknown): value is DoneMessage {
  if (!isObject(value) || value.type !== 'done') return false
  const { id, text, reason, promptTokens, completionTokens, confidence, traceHash, receipt } = value
  let optional = 0
  if (text !== undefined) {
    if (typeof text !== 'string') return false
    optional++
  }
  if (confidence !== undefined) {
    if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) return false
    optional++
  }
  if (receipt !== undefined) {
    if (!isSurelySeal(receipt)) return false
    optional++
  }
  return (
    isText(id, patterns.id) &&
    (reason === 'stop' || reason === 'length') &&
    isTokenCount(promptTokens) &&
    isTokenCount(completionTokens) &&
    isText(traceHash, patterns.hash) &&
    hasFields(value, 6 + optional)
  )
}

function isSurelySeal(value: unknown): value is Seal {
  return (
    isObject(value) &&
    isText(value.requestHash, patterns.hash) &&
    isText(value.settingsHash, patterns.hash) &&
    isText(value.modelFingerprint, patterns.hash) &&
    isText(value.answerHash, patterns.hash) &&
    isWhole(value.issuedAtMs, 0) &&
    isText(value.signature, patterns.signature) &&
    hasFields(value, 6)
  )
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}

function isWhole(value: unknown, min: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min
}

function isTokenCount(value: unknown): boolean {
  return isWhole(value, 0) && value <= 0xffff_ffff
}

/** Whether there are no more fields than the ones looked at. Parsed JSON has no inherited ones. */
function hasFields(value: Fields, count: number): boolean {
  let found = 0
  for (const _ in value) found++
  return found === count
}
