import type { GenerateRequest } from './engine.ts'
import { EngineError } from './engineError.ts'

/** As OpenAI's interface has it. */
const mostLogprobs = 20

/** @throws EngineError `bad-request` naming the first setting that no model could take */
export function checkRequest(request: GenerateRequest): void {
  const { messages, maxTokens, temperature, topP, topK, minP, seed, stop, logprobs } = request
  const need = (holds: boolean, field: string, value: unknown, mend: string): void => {
    if (holds) return
    throw new EngineError(`${field}: ${String(value)} cannot be used`, { code: 'bad-request', field, value }, { mend })
  }
  need(messages.length > 0, 'messages', messages.length, 'give at least one message')
  need(isCount(maxTokens), 'maxTokens', maxTokens, 'give a whole number from 1')
  need(temperature >= 0 && Number.isFinite(temperature), 'temperature', temperature, 'give 0 (greedy) or more')
  need(topP === undefined || (topP > 0 && topP <= 1), 'topP', topP, 'give a number above 0 and up to 1')
  need(topK === undefined || isCount(topK), 'topK', topK, 'give a whole number from 1')
  need(minP === undefined || (minP >= 0 && minP <= 1), 'minP', minP, 'give a number from 0 to 1')
  need(seed === undefined || Number.isSafeInteger(seed), 'seed', seed, 'give a whole number')
  need(stop?.every((text) => text !== '') ?? true, 'stop', stop, 'a stop string cannot be empty')
  const few = logprobs === undefined || logprobs === 0 || (isCount(logprobs) && logprobs <= mostLogprobs)
  need(few, 'logprobs', logprobs, `give a whole number from 0 to ${mostLogprobs}`)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}
