import { z } from 'zod'
import { checkRequest } from './checkRequest.ts'
import type { Engine, EngineEvent, GenerateRequest } from './engine.ts'
import { type PromptModel, promptIdsOf } from './promptIds.ts'
import { makeTrace } from './traceHash.ts'

/**
 * `limits.json` of a model folder: what its model met in training. Small models answer what lies outside as fluently as
 * what lies inside, so a folder that has this file refuses instead.
 */
export const limitsSchema = z.object({
  /** Words that begin with a small letter. Others count as names and may be anything. */
  words: z.array(z.string()).transform((words) => new Set(words)),
  /** Shapes of numbers: each digit a `d`, e.g. `dd.d`, `dd,ddd`, `dth`. */
  numbers: z.array(z.string()).transform((shapes) => new Set(shapes)),
  /** Terms that the model was trained to explain, and what it says of each; an explanation of another term is a guess. */
  meanings: z.record(z.string(), z.string()).default({}),
  /** Below this probability of an answer as a whole, in [0, 1], the model says that it is not sure instead. */
  leastConfidence: z.number().min(0).max(1),
})

export type Limits = z.output<typeof limitsSchema>

/** What every refusal begins with. It declares no answer. */
const opening = 'I was not trained on this:'
const mostNamed = 3

/** Stands in place of an answer whose probability lies under `leastConfidence`. */
export const unsureRefusal = `${opening} I would only be guessing.`

/** @returns what to answer instead where the question goes beyond the limits, naming what does */
export function refusalOf(limits: Limits, question: string): string | undefined {
  const numbers = numbersIn(question).filter((number) => !limits.numbers.has(shapeOf(number)))
  if (numbers.length > 0) return `${opening} numbers written like ${named(numbers)}.`
  const words = wordsIn(question).filter((word) => !limits.words.has(word))
  return words.length > 0 ? `${opening} ${words.length === 1 ? 'the word' : 'the words'} ${named(words)}.` : undefined
}

/** Whether the answer explains a term that the question does not name. Case and the term's article do not count. */
function isMisplaced({ meanings }: Limits, question: string, answer: string): boolean {
  const terms = Object.entries(meanings).flatMap(([term, meaning]) => (meaning === answer.trim() ? [term] : []))
  const asked = question.toLowerCase()
  return terms.length > 0 && !terms.some((term) => asked.includes(term.toLowerCase().replace(/^(an?|the) /, '')))
}

export function isRefusal(answer: string): boolean {
  return answer.startsWith(opening)
}

/**
 * An engine's `generate` that keeps to the limits. A refusal has no confidence; it stands in the trace as the tokens of
 * its text. What is too long for the model is that, whatever its words.
 */
export function withinLimits(limits: Limits, model: PromptModel, generate: Engine['generate']): Engine['generate'] {
  return async function* (request, signal, priority): AsyncGenerator<EngineEvent, void> {
    checkRequest(request)
    const question = request.messages.findLast(({ role }) => role === 'user')?.content ?? ''
    const refusal = refusalOf(limits, question)
    if (refusal !== undefined) {
      yield* refused(model, request, refusal)
      return
    }
    // Held back until it is whole, because only then it is known how sure it is.
    const events: EngineEvent[] = []
    for await (const event of generate(request, signal, priority)) {
      if (event.type !== 'done') {
        events.push(event)
        continue
      }
      const { confidence = 1 } = event
      const text = events.map((earlier) => (earlier.type === 'text' ? earlier.text : '')).join('')
      const isGuess = confidence < limits.leastConfidence || isMisplaced(limits, question, text)
      if (isGuess) yield* refused(model, request, unsureRefusal)
      else yield* [...events, event]
    }
  }
}

function* refused(model: PromptModel, { messages }: GenerateRequest, text: string): Generator<EngineEvent, void> {
  const promptIds = promptIdsOf(model, messages)
  const ids = model.tokenizer.encode(text, false)
  const trace = makeTrace(promptIds)
  for (const id of ids) trace.token(id)
  yield { type: 'text', text }
  const counts = { promptTokens: promptIds.length, completionTokens: ids.length }
  yield { type: 'done', reason: 'stop', ...counts, traceHash: trace.digest() }
}

/** With what is written onto them: `50.5`, `12,000`, `3d`, `7:30`; a full stop or comma at the end is the sentence's. */
function numbersIn(text: string): string[] {
  return (text.match(/\d[\p{L}\d.,:/]*/gu) ?? []).map((number) => number.replace(/[.,:/]+$/, ''))
}

function shapeOf(number: string): string {
  return number.replaceAll(/\d/g, 'd')
}

/** Runs of letters that begin with a small one and belong to no number. */
function wordsIn(text: string): string[] {
  return text.match(/(?<![\p{L}\d.,:/])\p{Ll}\p{L}*/gu) ?? []
}

function named(items: readonly string[]): string {
  const distinct = [...new Set(items)]
  const shown = distinct.slice(0, mostNamed).join(', ')
  return distinct.length > mostNamed ? `${shown} and others` : shown
}
