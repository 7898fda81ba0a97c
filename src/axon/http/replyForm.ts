import type { IncomingHttpHeaders } from 'node:http'
import type { DoneMessage } from '../../wire/axonMessage.ts'
import { chatStreamSynapse, requiredFields } from '../../wire/bittensor/chatSynapse.ts'
import { writeSynapseReply } from '../../wire/bittensor/synapseHeaders.ts'
import { type CompletionHead, chunkBody, completionBody, usageOf } from '../../wire/chatCompletion.ts'
import type { Receipt } from '../../wire/receipt.ts'
import type { WireErrorCode } from '../../wire/wireError.ts'

/** A whole answer, as it goes into a reply. */
export interface WholeAnswer {
  readonly text: string
  readonly done: DoneMessage
  readonly receipt: Receipt | undefined
}

export interface Refusal {
  readonly code: WireErrorCode
  readonly message: string
}

/** How one resource writes a reply. */
export interface ReplyForm {
  /** Whether text is sent as it comes. */
  readonly isStreamed: boolean
  /** @param message of the status line, for dialects that repeat it in a header */
  headers(status: number, message: string): Record<string, string>
  /** The next text of a streamed answer. */
  piece(text: string): string
  /** A plain reply's body, or the end of a streamed one; in the latter `unsent` is the text that is not out yet. */
  end(answer: WholeAnswer, unsent: string): string
  /** The body of a reply without an answer. */
  refusal(refusal: Refusal): string
  /** What tells, behind the pieces of a stream, that there will be no end. */
  broken(refusal: Refusal): string
}

/** A reply about a request of which nothing is known yet, as SDK 10's axons word it. */
export function plainForm(): ReplyForm {
  return {
    isStreamed: false,
    headers: () => ({ 'content-type': 'application/json' }),
    piece: () => '',
    end: () => '{}',
    refusal: ({ message }) => JSON.stringify({ message }),
    broken: () => '',
  }
}

export interface SynapseFormOptions {
  /** The Synapse class in the path. */
  readonly name: string
  readonly axon: string
  readonly caller: string
  readonly startedAtMs: number
  /** The headers of a Dendrite, which finds its status in those of the reply; other callers need none. */
  readonly dendrite: IncomingHttpHeaders | undefined
  /** Fields of the question, said again in the answer as the SDK does. */
  readonly question: object
}

/** SDK 10's: the synapse as JSON, or lines of JSON; the status also in headers. */
export function synapseForm(options: SynapseFormOptions): ReplyForm {
  const { name, axon, caller, startedAtMs, dendrite, question } = options
  const isStreamed = name === chatStreamSynapse
  return {
    isStreamed,
    headers: (status, message) => ({
      'content-type': isStreamed && status === 200 ? 'text/event-stream' : 'application/json',
      ...(dendrite !== undefined &&
        writeSynapseReply({
          name,
          status,
          message,
          elapsedMs: performance.now() - startedAtMs,
          axon,
          request: dendrite,
          required: name === 'Synapse' ? {} : requiredFields,
        })),
    }),
    piece: (text) => `${JSON.stringify({ text })}\n`,
    end: (answer, unsent) => {
      const whole = {
        name,
        dendrite: { hotkey: caller },
        axon: { hotkey: axon },
        ...question,
        ...synapseAnswer(answer),
      }
      const lead = isStreamed && unsent !== '' ? `${JSON.stringify({ text: unsent })}\n` : ''
      return `${lead}${JSON.stringify(whole)}${isStreamed ? '\n' : ''}`
    },
    refusal: ({ message }) => JSON.stringify({ message }),
    broken: (error) => `${JSON.stringify({ error })}\n`,
  }
}

function synapseAnswer({ text, done, receipt }: WholeAnswer): object {
  return {
    answer: text,
    reason: done.reason,
    prompt_tokens: done.promptTokens,
    completion_tokens: done.completionTokens,
    confidence: done.confidence ?? null,
    trace_hash: done.traceHash,
    receipt: receipt ?? null,
  }
}

/** OpenAI's: one JSON object, or server-sent events. */
export function completionForm(head: CompletionHead, isStreamed: boolean): ReplyForm {
  const event = (body: object): string => `data: ${JSON.stringify(body)}\n\n`
  const piece = (text: string): string => event(chunkBody(head, { role: 'assistant', content: text }))
  return {
    isStreamed,
    headers: (status) => ({
      'content-type': isStreamed && status === 200 ? 'text/event-stream; charset=utf-8' : 'application/json',
    }),
    piece,
    end: ({ text, done, receipt }, unsent) => {
      // In a field that is not OpenAI's.
      const proof = receipt === undefined ? {} : { faculty: { receipt } }
      if (!isStreamed) return JSON.stringify(completionBody(head, text, done, proof))
      const last = { ...chunkBody(head, {}, done.reason), usage: usageOf(done), ...proof }
      return `${unsent === '' ? '' : piece(unsent)}${event(last)}data: [DONE]\n\n`
    },
    refusal: (refusal) => JSON.stringify({ error: errorObject(refusal) }),
    broken: (refusal) => event({ error: errorObject(refusal) }),
  }
}

function errorObject({ code, message }: Refusal): object {
  return { message, type: 'axon_error', param: null, code }
}
