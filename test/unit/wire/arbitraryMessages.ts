import fc from 'fast-check'
import type { AskRequest } from '../../../src/wire/askRequest.ts'
import type { DoneMessage, ErrorMessage, WelcomeMessage } from '../../../src/wire/axonMessage.ts'
import type { AskMessage, HelloMessage } from '../../../src/wire/callerMessage.ts'
import type { Receipt, Seal } from '../../../src/wire/receipt.ts'
import { wireErrorCodes } from '../../../src/wire/wireError.ts'

const hexOf = (digits: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits }).map((all) => all.join(''))

export const hash = hexOf(64)
export const signature = hexOf(128)
export const genesis = hash.map((digits) => `0x${digits}`)
export const id = fc.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/)
export const domain = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/)
/** The right form; the checksum is for other rooms. */
export const address = fc.stringMatching(/^5[1-9A-HJ-NP-Za-km-z]{47}$/)
export const netuid = fc.integer({ min: 0, max: 65_535 })
export const tokenCount = fc.integer({ min: 0, max: 0xffff_ffff })
export const timestampMs = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
/** Halves of surrogate pairs, control characters and quotes among them. */
export const text = fc.string({ unit: 'binary', maxLength: 40 })
const share = fc.double({ min: 0, max: 1, noNaN: true })

export const askRequest: fc.Arbitrary<AskRequest> = fc
  .tuple(
    fc.record({
      messages: fc.array(
        fc.record({ role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const), content: text }),
        { minLength: 1, maxLength: 4 },
      ),
      maxTokens: fc.integer({ min: 1, max: 131_072 }),
      temperature: fc.double({ min: 0, max: 10, noNaN: true }),
    }),
    fc.oneof(
      fc.constant({}),
      fc.record(
        {
          topP: fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true }),
          topK: positive,
          minP: share,
          seed: fc.maxSafeInteger(),
          stop: fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), { maxLength: 3 }),
        },
        { requiredKeys: [] },
      ),
    ),
  )
  .map(([needed, options]) => ({ ...needed, ...options }))

export const ask: fc.Arbitrary<AskMessage> = fc.record(
  { type: fc.constant('ask' as const), id, domain, request: askRequest, deadlineMs: positive, receipt: fc.boolean() },
  { requiredKeys: ['type', 'id', 'domain', 'request', 'deadlineMs'] },
)

export const hello: fc.Arbitrary<HelloMessage> = fc.record({
  type: fc.constant('hello' as const),
  protocol: fc.integer(),
  caller: address,
  axon: address,
  genesis,
  netuid,
  channel: hash,
  timestampMs,
  signature,
})

export const seal: fc.Arbitrary<Seal> = fc.record({
  requestHash: hash,
  settingsHash: hash,
  modelFingerprint: hash,
  answerHash: hash,
  issuedAtMs: timestampMs,
  signature,
})

export const done: fc.Arbitrary<DoneMessage> = fc.record(
  {
    type: fc.constant('done' as const),
    id,
    text,
    reason: fc.constantFrom('stop' as const, 'length' as const),
    promptTokens: tokenCount,
    completionTokens: tokenCount,
    confidence: share,
    traceHash: hash,
    receipt: seal,
  },
  { requiredKeys: ['type', 'id', 'reason', 'promptTokens', 'completionTokens', 'traceHash'] },
)

export const error: fc.Arbitrary<ErrorMessage> = fc.record(
  {
    type: fc.constant('error' as const),
    id,
    code: fc.constantFrom(...wireErrorCodes),
    message: text,
    retryAfterMs: fc.nat(),
  },
  { requiredKeys: ['type', 'code', 'message'] },
)

export const welcome: fc.Arbitrary<WelcomeMessage> = fc.record({
  type: fc.constant('welcome' as const),
  protocol: fc.integer(),
  hotkey: address,
  genesis,
  netuid,
  domains: fc.array(domain, { maxLength: 3 }),
  models: fc.array(fc.record({ domain, name: text, fingerprint: hash }), { maxLength: 3 }),
  limits: fc.record({
    maxFrameBytes: positive,
    maxPending: positive,
    maxDeadlineMs: positive,
    heartbeatMs: positive,
    idleMs: positive,
  }),
})

export const receipt: fc.Arbitrary<Receipt> = fc.record({
  version: fc.constant(1 as const),
  miner: address,
  caller: address,
  genesis,
  netuid,
  requestId: id,
  domain,
  requestHash: hash,
  settingsHash: hash,
  modelFingerprint: hash,
  answerHash: hash,
  traceHash: hash,
  promptTokens: tokenCount,
  completionTokens: tokenCount,
  issuedAtMs: timestampMs,
  signature,
})
