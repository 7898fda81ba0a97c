import { DendriteError } from '../dendrite/dendriteError.ts'
import type { Answer, AskEvent } from '../dendrite/target.ts'
import type { AskRequest } from '../wire/askRequest.ts'
import { chooseMiner } from './chooseMiner.ts'
import { GatewayError } from './gatewayError.ts'
import type { Miner, MinerTable } from './minerTable.ts'
import { modelsMend } from './modelsBody.ts'

export interface DomainAsk {
  readonly domain: string
  readonly request: AskRequest
  /** True: text is handed on as it comes, so that another miner cannot be asked once some of it is out. */
  readonly streamed: boolean
  /** For all miners that are asked, together. */
  readonly timeoutMs: number
  /** A miner without any text after this long is given up while there is another one. */
  readonly patienceMs: number
  readonly signal: AbortSignal
}

export type DomainEvent =
  /** Only where it is streamed. */
  | { readonly type: 'text'; readonly text: string; readonly miner: Miner }
  /** Always the last one. */
  | { readonly type: 'done'; readonly answer: Answer; readonly miner: Miner }

/** What a gateway tells a caller to wait when nobody can be reached: a tick of the table and some. */
const retryAfterMs = 2_000
/** Of an ask's frame beside the request. */
const envelopeBytes = 512

/**
 * Asks the domain's best miner, and the next one where it fails before any text is out.
 *
 * @throws GatewayError `unknown-model`, `no-miner`, `bad-request`, `unanswered`; DendriteError where the miner fails
 *   after its first text, or `cancelled` when `signal` fires
 */
export async function* askDomain(table: MinerTable, ask: DomainAsk): AsyncGenerator<DomainEvent, void> {
  const { domain, request, streamed, signal } = ask
  const miners = chooseMiner(reachable(table, domain), domain, performance.now())
  const bytes = Buffer.byteLength(JSON.stringify(request)) + envelopeBytes
  const fitting = miners.filter(({ welcome }) => welcome !== undefined && bytes <= welcome.limits.maxFrameBytes)
  if (fitting.length === 0) {
    const mend = 'send fewer or shorter messages'
    throw new GatewayError(`the request is too long for ${domain}`, { code: 'bad-request', domain }, { mend })
  }
  const untilMs = performance.now() + ask.timeoutMs
  let last: DendriteError | undefined
  for (const [i, miner] of fitting.entries()) {
    const timeoutMs = Math.floor(untilMs - performance.now())
    if (timeoutMs < 1) break
    const patienceMs = i + 1 < fitting.length ? ask.patienceMs : undefined
    let isBegun = false
    try {
      for await (const event of askMiner(table, miner, { domain, request, timeoutMs, patienceMs, signal })) {
        if (event.type === 'text' && !streamed) continue
        isBegun = true
        yield { ...event, miner }
      }
      return
    } catch (error) {
      if (!(error instanceof DendriteError) || signal.aborted || isBegun) throw error
      last = error
    }
  }
  throw unanswered(domain, last)
}

interface MinerAsk extends Pick<DomainAsk, 'domain' | 'request' | 'timeoutMs' | 'signal'> {
  /** Undefined: there is nobody to turn to, so only the time-out counts. */
  readonly patienceMs: number | undefined
}

/** One miner's attempt, for which it is remembered, here and by validators. */
async function* askMiner({ traffic }: MinerTable, miner: Miner, ask: MinerAsk): AsyncGenerator<AskEvent, void> {
  const { domain, request, timeoutMs, patienceMs } = ask
  const { hotkey } = miner.target
  const startedAtMs = performance.now()
  const impatience = new AbortController()
  const timer = patienceMs === undefined ? undefined : setTimeout(() => impatience.abort(), patienceMs)
  const signal = AbortSignal.any([ask.signal, impatience.signal])
  miner.running++
  try {
    for await (const event of miner.session.ask(request, { domain, timeoutMs, signal })) {
      clearTimeout(timer)
      if (event.type === 'done') {
        miner.failedAtMs = undefined
        const { receipt, elapsedMs } = event.answer
        traffic.add({ hotkey, domain, outcome: 'answered', elapsedMs, ...(receipt !== undefined && { receipt }) })
      }
      yield event
    }
  } catch (error) {
    if (!(error instanceof DendriteError) || ask.signal.aborted) throw error
    if (!isOurs(error)) {
      miner.failedAtMs = performance.now()
      const { failure } = error
      const outcome = failure.code === 'unanswered' ? failure.reason : failure.code
      traffic.add({ hotkey, domain, outcome, elapsedMs: miner.failedAtMs - startedAtMs })
    }
    if (patienceMs === undefined || !impatience.signal.aborted) throw error
    throw new DendriteError(`no text within ${patienceMs} ms`, { code: 'timeout', afterMs: patienceMs })
  } finally {
    clearTimeout(timer)
    miner.running--
  }
}

function reachable(table: MinerTable, domain: string): Miner[] {
  const miners = table.ofDomain(domain)
  if (miners.length > 0) return miners
  const models = table.domains().map((row) => row.domain)
  if (models.length > 0 && !table.hasSeen(domain)) {
    const mend = modelsMend(models)
    throw new GatewayError(`there is no model ${domain}`, { code: 'unknown-model', model: domain, models }, { mend })
  }
  throw new GatewayError(`no miner of ${domain} can be reached now`, { code: 'no-miner', domain, retryAfterMs })
}

/** Failures for which no miner is to blame; one that is asked too often says when it answers again. */
function isOurs({ failure }: DendriteError): boolean {
  if (failure.code === 'unanswered') return failure.reason === 'bad-request' || failure.reason === 'rate-limited'
  return failure.code === 'bad-caller' || failure.code === 'closed'
}

function unanswered(domain: string, last: DendriteError | undefined): GatewayError {
  if (last === undefined) throw new RangeError('askDomain: no time to ask anybody')
  const { failure } = last
  if (failure.code === 'unanswered' && failure.reason === 'bad-request') {
    return new GatewayError(last.message, { code: 'bad-request', domain }, { cause: last })
  }
  const message = `no miner of ${domain} answers: ${last.message}`
  return new GatewayError(message, { code: 'unanswered', domain, last: failure }, { cause: last })
}
