import type { Answer } from '../dendrite/target.ts'
import { type CompletionHead, chunkBody, usageChunkBody } from '../wire/chatCompletion.ts'
import type { DomainEvent } from './askDomain.ts'
import type { ChatOutcome } from './chatCompletion.ts'
import { errorReply } from './errorReply.ts'

export interface StreamOptions {
  readonly completion: CompletionHead
  readonly first: DomainEvent
  readonly next: () => Promise<DomainEvent>
  /** Cancels the ask. */
  readonly leave: () => void
  /** One more chunk with the token counts. */
  readonly includeUsage: boolean
  /** Fields of the last chunk beside OpenAI's own. */
  readonly proof: (answer: Answer) => object
  readonly settle: (outcome: ChatOutcome, error?: unknown) => void
}

const encoder = new TextEncoder()

/**
 * An answer as server-sent events in OpenAI's form, pulled as fast as the client reads. A failure on the way ends it with
 * an `error` object in place of `[DONE]`, which OpenAI's clients throw. A client that leaves cancels the ask.
 */
export function streamBody(options: StreamOptions): ReadableStream<Uint8Array> {
  const { completion, first, next, leave, includeUsage, proof, settle } = options
  let waiting: DomainEvent | undefined = first
  let hasLeft = false
  return new ReadableStream({
    start(controller) {
      controller.enqueue(sse(chunkBody(completion, { role: 'assistant', content: '' })))
    },
    async pull(controller) {
      try {
        const event = waiting ?? (await next())
        waiting = undefined
        if (event.type === 'text') {
          controller.enqueue(sse(chunkBody(completion, { content: event.text })))
          return
        }
        const { answer } = event
        const end = chunkBody(completion, {}, answer.reason)
        if (includeUsage) controller.enqueue(sse(end))
        const last = includeUsage ? usageChunkBody(completion, answer) : end
        controller.enqueue(sse({ ...last, ...proof(answer) }))
        controller.enqueue(encoder.encode('data: [DONE]\n\n'))
        settle('ok')
      } catch (error) {
        // A stream whose reader has left takes nothing more.
        if (hasLeft) return
        settle('failed', error)
        controller.enqueue(sse({ error: errorReply(error).error }))
      }
      controller.close()
    },
    cancel() {
      hasLeft = true
      leave()
      settle('left')
    },
  })
}

function sse(body: object): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(body)}\n\n`)
}
