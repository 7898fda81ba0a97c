import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { InputError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { parseInput } from '../base/parse.ts'
import type { Answer } from '../dendrite/target.ts'
import { toHex } from '../keys/hex.ts'
import { type AnswerProof, minerHeader, requestIdHeader } from '../wire/answerProof.ts'
import type { AskRequest } from '../wire/askRequest.ts'
import { completionBody } from '../wire/chatCompletion.ts'
import { askRequestOf, type CompletionRequest, completionRequestSchema } from '../wire/completionRequest.ts'
import { parseWireJson } from '../wire/parseWireJson.ts'
import { askDomain, type DomainEvent } from './askDomain.ts'
import { GatewayError } from './gatewayError.ts'
import type { GatewayLimits } from './gatewayLimits.ts'
import type { Miner, MinerTable } from './minerTable.ts'
import { streamBody } from './streamBody.ts'

/** Chat completions of one server: how many went how, and those that run. */
export interface ChatTally {
  ok: number
  failed: number
  readonly running: Set<AbortController>
}

/** How a chat completion ended; `left`: its client did not wait for it. */
export type ChatOutcome = 'ok' | 'failed' | 'left'

export interface ChatOptions {
  readonly table: MinerTable
  readonly limits: GatewayLimits
  readonly tally: ChatTally
  readonly log: Log
}

/**
 * `POST /v1/chat/completions`. The reply begins with the first event of the answer: whole where it is a plain one; with
 * some text where it is streamed, so that its miner is settled and can be named in the header.
 *
 * @throws InputError naming the wrong field; whatever `askDomain` throws before the reply has begun
 */
export async function chatCompletion(c: Context, { table, limits, tally, log }: ChatOptions): Promise<Response> {
  const chat = readChat(await c.req.text())
  if (tally.running.size >= limits.maxRunning) {
    throw new GatewayError('too many requests are running', { code: 'overloaded', retryAfterMs: 1_000 })
  }
  const { model: domain, stream } = chat
  const streamed = stream === true
  const request = askRequestOf(chat)
  const completion = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1_000),
    model: domain,
  }
  // On errors too: a caller can quote it, and the log has it.
  c.header(requestIdHeader, completion.id)
  const leaving = new AbortController()
  const { signal } = leaving
  c.req.raw.signal.addEventListener('abort', () => leaving.abort(), { once: true })
  tally.running.add(leaving)
  const settle = (outcome: ChatOutcome, error?: unknown): void => {
    if (!tally.running.delete(leaving)) return
    if (outcome === 'ok') tally.ok++
    if (outcome !== 'failed' || signal.aborted) return
    tally.failed++
    log.warn({ requestId: completion.id, domain, err: error }, 'chat completion failed')
  }

  const { timeoutMs, patienceMs } = limits
  const events = askDomain(table, { domain, request, streamed, timeoutMs, patienceMs, signal })
  let first: DomainEvent
  try {
    first = await nextOf(events)
  } catch (error) {
    settle('failed', error)
    throw error
  }
  const { miner } = first
  c.header(minerHeader, miner.target.hotkey)
  const proof = (answer: Answer): object => ({ faculty: proofOf(miner, request, answer) })
  if (first.type === 'done' && !streamed) {
    settle('ok')
    return c.json(completionBody(completion, first.answer.text, first.answer, proof(first.answer)))
  }
  c.header('content-type', 'text/event-stream; charset=utf-8')
  c.header('cache-control', 'no-cache')
  // Else nginx, a common proxy, would collect the pieces.
  c.header('x-accel-buffering', 'no')
  const includeUsage = chat.stream_options?.include_usage === true
  const next = (): Promise<DomainEvent> => nextOf(events)
  const leave = (): void => {
    leaving.abort()
    // Where it stands still at an event that was not read, nothing else would wake it.
    void events.return()
  }
  return c.body(streamBody({ completion, first, next, leave, includeUsage, proof, settle }))
}

/** Nobody has said who he is, so the text must cost no more than its length before it is known to be a request. */
function readChat(text: string): CompletionRequest {
  const parsed = parseWireJson(text)
  if (parsed.ok) return parseInput(completionRequestSchema, parsed.value, '')
  const mend = parsed.code === 'too-deep' ? 'nest less deeply' : 'give well-formed JSON'
  throw new InputError('body', text, mend)
}

async function nextOf(events: AsyncGenerator<DomainEvent, void>): Promise<DomainEvent> {
  const next = await events.next()
  if (next.done === true) throw new Error('an ask ended without an answer')
  // So that it comes to its end: nobody reads on behind the last event.
  if (next.value.type === 'done') await events.return()
  return next.value
}

function proofOf(miner: Miner, { messages: _, ...settings }: AskRequest, { receipt }: Answer): AnswerProof {
  if (receipt === undefined) throw new Error('an answer came without the receipt that was asked for')
  const { hotkey, publicKey } = miner.target
  return {
    receipt,
    miner: { hotkey, uid: miner.uid },
    incentive: miner.incentive,
    publicKey: toHex(publicKey).slice(2),
    settings: settings as AnswerProof['settings'],
  }
}
