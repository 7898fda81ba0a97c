import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { AskRequest } from '../../wire/askRequest.ts'
import { emptyBodyHash } from '../../wire/bittensor/bodyHash.ts'
import { chatStreamSynapse, chatSynapse, readChatSynapse } from '../../wire/bittensor/chatSynapse.ts'
import type { SignedRequest } from '../../wire/bittensor/signedRequest.ts'
import { askRequestOf, completionRequestSchema } from '../../wire/completionRequest.ts'
import { parseWireJson } from '../../wire/parseWireJson.ts'
import { problemOf } from '../../wire/problemOf.ts'
import type { AxonCore } from '../axonCore.ts'
import type { Refused } from './claim.ts'
import type { Laxness } from './laxness.ts'
import { completionForm, type ReplyForm } from './replyForm.ts'

export const completionsPath = '/v1/chat/completions'
/** The class that each of SDK 10's axons serves: says that it is there. */
export const pingSynapse = 'Synapse'

const paths: ReadonlySet<string> = new Set([
  completionsPath,
  ...[chatSynapse, chatStreamSynapse, pingSynapse].map((name) => `/${name}`),
])

/** Whether a path is served. What follows a `?` is no part of it. */
export function isServedPath(path: string): boolean {
  return paths.has(path)
}

export interface Question {
  readonly domain: string
  readonly request: AskRequest
  readonly form: ReplyForm
}

export interface QuestionParts {
  readonly core: AxonCore
  readonly path: string
  readonly claim: SignedRequest
  readonly body: Buffer
  readonly allowed: ReadonlySet<Laxness>
  /** The reply's form for a synapse whose question is this. */
  readonly synapse: (question: object) => ReplyForm
}

/** What is asked, once it is known who asks. */
export function readQuestion(parts: QuestionParts): Question | Refused {
  if (!isUtf8(parts.body)) return { code: 'bad-encoding' }
  const parsed = parseWireJson(parts.body.toString())
  if (!parsed.ok) return { code: parsed.code }
  return parts.path === completionsPath ? completionQuestion(parts, parsed.value) : synapseQuestion(parts, parsed.value)
}

function completionQuestion({ core, claim }: QuestionParts, value: unknown): Question | Refused {
  const read = completionRequestSchema.safeParse(value)
  if (!read.success) return { code: 'bad-message', message: problemOf(read.error, 'body') }
  const { model, stream } = read.data
  const domain = core.models.find(({ name }) => name === model)?.domain ?? model
  if (!core.domains.includes(domain)) return { code: 'unknown-domain' }
  const head = { id: `chatcmpl-${claim.id}`, created: Math.floor(Date.now() / 1_000), model }
  return { domain, request: askRequestOf(read.data), form: completionForm(head, stream === true) }
}

function synapseQuestion({ core, claim, allowed, synapse }: QuestionParts, value: unknown): Question | Refused {
  const read = readChatSynapse(value)
  if (!read.ok) return { code: 'bad-message', message: read.detail }
  const { domain, request, namedCaller, bodyHash } = read.ask
  // Where the headers hold a hash of the body, the signature covers that alone.
  if (claim.bodyHash === emptyBodyHash) {
    if (!allowed.has('unprotected-body')) return { code: 'unprotected-body' }
  } else if (claim.bodyHash !== undefined && claim.bodyHash !== bodyHash(sha3)) return { code: 'altered-body' }
  if (namedCaller !== undefined && namedCaller !== claim.hotkey && !allowed.has('named-caller')) {
    return { code: 'named-caller' }
  }
  if (!core.domains.includes(domain)) return { code: 'unknown-domain' }
  const { messages, maxTokens, temperature } = request
  return { domain, request, form: synapse({ domain, messages, max_tokens: maxTokens, temperature }) }
}

function sha3(text: string): string {
  return createHash('sha3-256').update(text).digest('hex')
}
