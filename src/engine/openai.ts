import { createHash } from 'node:crypto'
import { backoffMs } from '../base/backoffMs.ts'
import { joinSignals } from '../base/joinSignals.ts'
import { sleep } from '../base/sleep.ts'
import { checkRequest } from './checkRequest.ts'
import { checkUpstream } from './checkUpstream.ts'
import type { CircuitEvent } from './circuit.ts'
import type { Engine, EngineEvent, GenerateRequest } from './engine.ts'
import { abortError, EngineError } from './engineError.ts'
import { makeUpstream, type Upstream } from './upstream.ts'
import { defaultUpstreamLimits, type UpstreamLimits, verdictOn } from './upstreamError.ts'
import { watchUpstreams } from './watchUpstreams.ts'

export interface OpenAiOptions {
  /** Servers of the same model: see `parseUpstreams`. */
  readonly urls: readonly URL[]
  /** As the servers name it. */
  readonly model: string
  /** Sent as a bearer token to each server, and told to nobody else. */
  readonly key?: string | undefined
  /** Most tokens of prompt and answer together. Default: what the servers tell, the least of them. */
  readonly contextTokens?: number | undefined
  readonly limits?: Partial<UpstreamLimits>
  /** Between two looks at whether a server still serves the model. */
  readonly checkMs?: number
  /** Before another attempt after so many; drawn by `backoffMs` if not given. */
  readonly pauseMs?: (failures: number) => number
  /** Hears of servers that are lost or found again. */
  readonly onNote?: (line: string) => void
}

/** Times a request is sent at most, over all servers. */
const mostAttempts = 3
/** A caller does not wait longer than this for a server that asks to be left alone. */
const longestWaitMs = 5_000

/**
 * An engine that forwards to inference servers with OpenAI's interface: vLLM, SGLang, llama.cpp, TGI or any such.
 * Each server is checked and asked for one token first.
 *
 * @throws EngineError `wrong-model` where any server does not serve the model; where none answers, what the first one
 *   failed with; `upstream` where no server tells the model's context and `contextTokens` is not given
 */
export async function openOpenAiEngine(options: OpenAiOptions): Promise<Engine> {
  const { urls, model, key, checkMs = 30_000, onNote = () => undefined } = options
  const pauseMs = options.pauseMs ?? ((failures) => backoffMs(failures, Math.random()))
  const limits = { ...defaultUpstreamLimits, ...options.limits }
  const upstreams = urls.map((url) => makeUpstream({ url, model, key, limits }))
  const closing = new AbortController()
  let contextTokens: number
  try {
    contextTokens = await tryOut(upstreams, { ...options, onNote }, closing.signal)
  } catch (error) {
    await Promise.all(upstreams.map((upstream) => upstream.close()))
    throw error
  }
  const watching = watchUpstreams({ upstreams, model, everyMs: checkMs, signal: closing.signal, onNote })
  return {
    model: {
      name: model,
      fingerprint: remoteFingerprint(model),
      contextTokens,
      device: upstreams.map(({ url }) => new URL(url).host).join(','),
    },
    async *generate(request, signal) {
      checkRequest(request)
      const ending = joinSignals([signal, closing.signal])
      try {
        yield* askWithRetries({ upstreams, contextTokens, pauseMs }, request, ending.signal)
      } catch (error) {
        if (signal?.aborted === true) throw abortError(signal)
        if (closing.signal.aborted)
          throw new EngineError(`the engine of ${model} was closed`, { code: 'closed', model })
        throw error
      } finally {
        ending.release()
      }
    },
    close: async () => {
      closing.abort()
      await watching
      await Promise.all(upstreams.map((upstream) => upstream.close()))
    },
  }
}

/**
 * SHA-256 (64 hex digits) over `faculty-remote-model/1`, a line feed and the model's declared name: what it is called, not
 * what it is. Miners that forward to the same model have the same one, wherever their servers are.
 */
export function remoteFingerprint(model: string): string {
  return createHash('sha256').update(`faculty-remote-model/1\n${model}`).digest('hex')
}

const trial: GenerateRequest = { messages: [{ role: 'user', content: 'Say yes.' }], maxTokens: 1, temperature: 0 }

/** @returns the context of the model */
async function tryOut(
  upstreams: readonly Upstream[],
  { model, contextTokens, onNote }: OpenAiOptions & { readonly onNote: (line: string) => void },
  signal: AbortSignal,
): Promise<number> {
  const told: number[] = []
  const errors: EngineError[] = []
  await Promise.all(
    upstreams.map(async (upstream) => {
      try {
        const found = await checkUpstream(upstream, model, signal)
        const own = contextTokens ?? found.contextTokens
        if (own === undefined) throw noContext(upstream.url)
        for await (const event of upstream.ask(trial, own, signal)) if (event.type === 'done') told.push(own)
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        upstream.note('ill')
        errors.push(error)
      }
    }),
  )
  const wrong = errors.find(({ failure }) => failure.code === 'wrong-model')
  if (wrong !== undefined || told.length === 0) throw wrong ?? errors[0]!
  for (const error of errors) onNote(`not asked for now: ${error.explanation}`)
  return Math.min(...told)
}

function noContext(url: string): EngineError {
  const message = `${url} does not tell how long a text the model takes`
  return new EngineError(message, { code: 'upstream', url }, { mend: 'give it in tokens with --upstream.context' })
}

interface Servers {
  readonly upstreams: readonly Upstream[]
  readonly contextTokens: number
  readonly pauseMs: (failures: number) => number
}

/** @throws EngineError; anything at all once `signal` has fired */
async function* askWithRetries(
  { upstreams, contextTokens, pauseMs }: Servers,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent, void> {
  const tried = new Set<Upstream>()
  let last: EngineError | undefined
  for (let attempt = 1; ; attempt++) {
    await untilTried(upstreams, signal)
    signal.throwIfAborted()
    const upstream = leastBusy(upstreams, tried)
    let begun = false
    try {
      if (upstream === undefined) throw last ?? nobody(upstreams)
      tried.add(upstream)
      yield* observed(upstream, upstream.ask(request, contextTokens, signal), () => {
        begun = true
      })
      return
    } catch (error) {
      if (signal.aborted || !(error instanceof EngineError)) throw error
      last = error
    }
    const { retry } = verdictOn(last)
    const others = upstreams.some((other) => other.isAvailable() && !tried.has(other))
    if (begun || attempt === mostAttempts || retry === 'never' || (retry === 'elsewhere' && !others)) throw last
    if (others) continue
    const { failure } = last
    const asked = failure.code === 'upstream' ? (failure.retryAfterMs ?? 0) : 0
    if (asked > longestWaitMs) throw last
    await sleep(asked + pauseMs(attempt), signal)
  }
}

const trialTickMs = 25

/** Where the last server is on trial, its first piece, or its failure, is worth waiting for. */
async function untilTried(upstreams: readonly Upstream[], signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + longestWaitMs
  const isUndecided = (): boolean =>
    !upstreams.some((upstream) => upstream.isAvailable()) &&
    upstreams.some((upstream) => upstream.circuit().name === 'half-open')
  while (isUndecided() && performance.now() < endMs && !signal.aborted) await sleep(trialTickMs, signal)
}

/** The events of one attempt; the server's circuit hears how it went. */
async function* observed(
  upstream: Upstream,
  events: AsyncIterable<EngineEvent>,
  onText: () => void,
): AsyncGenerator<EngineEvent, void> {
  let verdict: CircuitEvent | undefined = 'dropped'
  upstream.note('sent')
  try {
    for await (const event of events) {
      if (verdict === 'dropped') {
        upstream.note('answered')
        verdict = undefined
      }
      if (event.type === 'text') onText()
      yield event
    }
  } catch (error) {
    if (error instanceof EngineError) verdict = verdictOn(error).event
    throw error
  } finally {
    if (verdict !== undefined) upstream.note(verdict)
  }
}

/** Of those that may be asked, first those not tried yet, then those with the fewest requests; between equals by lot. */
function leastBusy(upstreams: readonly Upstream[], tried: ReadonlySet<Upstream>): Upstream | undefined {
  const available = upstreams.filter((upstream) => upstream.isAvailable())
  const fresh = available.filter((upstream) => !tried.has(upstream))
  const choice = fresh.length > 0 ? fresh : available
  const least = Math.min(...choice.map((upstream) => upstream.inFlight()))
  const equals = choice.filter((upstream) => upstream.inFlight() === least)
  return equals[Math.floor(Math.random() * equals.length)]
}

function nobody(upstreams: readonly Upstream[]): EngineError {
  const url = upstreams.map((upstream) => upstream.url).join(', ')
  const mend = 'see the log for why each was lost; a check finds it again when it is well'
  return new EngineError(`no inference server answers: ${url}`, { code: 'upstream', url }, { mend })
}
