import type { z } from 'zod'
import { type AxonMessage, axonMessageSchema } from './axonMessage.ts'
import { type CallerMessage, callerMessageSchema } from './callerMessage.ts'
import { idField } from './fields.ts'
import { hasMoreKeys } from './hasMoreKeys.ts'
import { isDeeper } from './isDeeper.ts'
import { problemOf } from './problemOf.ts'
import { isSurelyAsk, isSurelyDone, isSurelyHello } from './quickCheck.ts'
import { wireLimits } from './wireLimits.ts'

export type Read<Message> =
  | { readonly ok: true; readonly message: Message }
  | {
      readonly ok: false
      readonly code: 'too-deep' | 'not-json' | 'bad-message'
      /** What is wrong, fit to be told to the peer. */
      readonly detail: string
      /** The ask that the message seems to be about. */
      readonly id: string | undefined
    }

/** Reads a frame from a caller. Never throws; the frame's size was bounded before. */
export function readCallerMessage(text: string): Read<CallerMessage> {
  const value = parse(text)
  if (isSurelyAsk(value) || isSurelyHello(value)) return { ok: true, message: value }
  return read(callerMessageSchema, value, text)
}

/** Reads a frame from an axon. Never throws; the frame's size was bounded before. */
export function readAxonMessage(text: string): Read<AxonMessage> {
  const value = parse(text)
  return isSurelyDone(value) ? { ok: true, message: value } : read(axonMessageSchema, value, text)
}

const notJson = Symbol('not JSON')
const tooDeep = Symbol('too deep')
const tooManyKeys = Symbol('too many keys')
const shortChars = 4_096

/**
 * Nesting and keys are counted before parsing where they could cost something: 256 KiB of open brackets take V8 some 30 ms
 * to parse, as many bytes of unknown keys take it and zod as long, and counting takes 0.3 ms. A short text is parsed at
 * once, since it has no room for many.
 */
function parse(text: string): unknown {
  if (text.length > shortChars) {
    if (isDeeper(text, wireLimits.maxJsonDepth)) return tooDeep
    if (hasMoreKeys(text, wireLimits.maxJsonKeys)) return tooManyKeys
  }
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}

function read<S extends z.ZodType>(schema: S, value: unknown, text: string): Read<z.output<S>> {
  if (value === notJson) return { ok: false, code: 'not-json', detail: 'the frame is not JSON', id: undefined }
  if (value === tooManyKeys) {
    return { ok: false, code: 'bad-message', detail: `more than ${wireLimits.maxJsonKeys} keys`, id: undefined }
  }
  const result = value === tooDeep ? undefined : schema.safeParse(value)
  if (result?.success === true) return { ok: true, message: result.data }
  if (result === undefined || isDeeper(text, wireLimits.maxJsonDepth)) {
    return { ok: false, code: 'too-deep', detail: `more than ${wireLimits.maxJsonDepth} levels`, id: undefined }
  }
  const detail = problemOf(result.error, 'message')
  return { ok: false, code: 'bad-message', detail, id: idOf(value) }
}

/** So that a malformed ask fails at its caller at once and not at its deadline. */
function idOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || !('id' in value)) return undefined
  const id = idField.safeParse(value.id)
  return id.success ? id.data : undefined
}
