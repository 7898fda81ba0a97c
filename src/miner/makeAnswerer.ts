import type { AnswerEvent, Answerer } from '../axon/answer.ts'
import { AnswerError } from '../axon/axonError.ts'
import { InputError } from '../base/errors.ts'
import type { MinerDefinition } from '../domain/defineMiner.ts'
import type { Engine, EngineEvent } from '../engine/engine.ts'
import { EngineError } from '../engine/engineError.ts'

/**
 * How the axon's asks are answered: by the definition's own `answer`, else by what the engine generates.
 *
 * @throws InputError where the definition has neither an answer nor a model
 */
export function makeAnswerer({ answer, model }: MinerDefinition, engine: Engine | undefined): Answerer {
  if (answer !== undefined) {
    return ({ request, domain }, { signal }) => toldToCaller(answer(request, { domain, engine, signal }))
  }
  if (engine !== undefined) return ({ request }, { signal }) => toldToCaller(engine.generate(request, signal))
  throw new InputError('miner: model', model, 'a miner without a model needs an answer function')
}

/** By which an inference server says that it has too much to do: no fault of it or of the miner. */
const tooManyRequests = 429

/** What is wrong with a request its caller may know; all else stays in the miner's log. */
async function* toldToCaller(events: AsyncIterable<EngineEvent>): AsyncGenerator<AnswerEvent, void> {
  try {
    // No ask over the wire asks for single tokens.
    for await (const event of events) if (event.type !== 'token') yield event
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    const { failure } = error
    if (failure.code === 'busy') throw new AnswerError('the model is busy', { code: 'busy' }, { cause: error })
    if (failure.code === 'upstream' && failure.status === tooManyRequests) {
      const { retryAfterMs } = failure
      const busy = { code: 'busy', ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
      throw new AnswerError('the model is busy', busy, { cause: error })
    }
    if (failure.code !== 'bad-request' && failure.code !== 'too-long') throw error
    throw new AnswerError(error.explanation, { code: 'bad-request' }, { cause: error })
  }
}
