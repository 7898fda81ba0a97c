import { randomInt } from 'node:crypto'
import { makeRng } from '../base/random.ts'
import type { GenerateRequest } from './engine.ts'
import { EngineError } from './engineError.ts'

/** The token drawn and its probability under the model's own distribution (temperature 1, nothing cut off), in [0, 1]. */
export interface Draw {
  readonly id: number
  readonly probability: number
}

type Sampling = Pick<GenerateRequest, 'temperature' | 'topK' | 'topP' | 'minP' | 'seed'>

/**
 * Chooses tokens from logits. Greedy at temperature 0, the lowest id on ties. Else one draw per token from the softmax
 * at that temperature, cut off in this order: the `topK` likeliest; of these the fewest that hold `topP` of their
 * probability; of these the ones with at least `minP` times the likeliest one's probability. The order is that of
 * Hugging Face's logits processors.
 *
 * @returns logits of shape [vocabulary] → draw; throws EngineError `bad-output` where they hold NaN or +Infinity
 */
export function makeSampler(sampling: Sampling): (logits: Float32Array) => Draw {
  if (sampling.temperature === 0) return greedy
  const rng = makeRng(sampling.seed ?? `fresh/${randomInt(2 ** 47)}`)
  return (logits) => {
    const id = draw(cutOff(softmax(logits, sampling.temperature), sampling), rng.float())
    return { id, probability: probabilityOf(logits, id) }
  }
}

function greedy(logits: Float32Array): Draw {
  const id = argmax(logits)
  return { id, probability: 1 / total(logits, logits[id]!) }
}

/**
 * The logarithm of each token's probability under the model's own distribution, and the likeliest tokens by it.
 *
 * @throws EngineError `bad-output`
 */
export function logprobsOf(logits: Float32Array): {
  of: (id: number) => number
  /** In order; ties by id. */
  likeliest: (count: number) => number[]
} {
  const top = logits[argmax(logits)]!
  const shift = top + Math.log(total(logits, top))
  return {
    of: (id) => logits[id]! - shift,
    likeliest: (count) => (count === 0 ? [] : likeliest(logits, count).map(({ id }) => id)),
  }
}

function argmax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

function probabilityOf(logits: Float32Array, id: number): number {
  const top = logits[argmax(logits)]!
  return Math.exp(logits[id]! - top) / total(logits, top)
}

/** Σ exp(logit - top). @param top the largest logit */
function total(logits: Float32Array, top: number): number {
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += quickExp(logits[i]! - top)
  return usable(sum)
}

const stepsPerUnit = 64
/** Below it, e to this power is nothing beside 1. */
const leastPower = -32
const powers = Float64Array.from({ length: -leastPower * stepsPerUnit + 1 }, (_, i) => Math.exp(-i / stepsPerUnit))

/**
 * e to a power of at most 0, to nine digits; NaN for NaN. A vocabulary of sums of it for each token is a large part of
 * what sampling costs, and this is three times as fast as `Math.exp`.
 */
function quickExp(power: number): number {
  if (power < leastPower) return 0
  const step = (-power * stepsPerUnit) | 0
  const rest = -power - step / stepsPerUnit
  return powers[step]! * (1 - rest * (1 - rest * (0.5 - rest / 6)))
}

/** A sum of exponentials with the largest at 1 is at least 1 unless a logit is NaN or infinite. */
function usable(total: number): number {
  if (total >= 1) return total
  const mend =
    'the model folder may be damaged, or its number format may not suit the device: try the fp32 model on cpu'
  throw new EngineError('the model gave logits that are not numbers', { code: 'bad-output' }, { mend })
}

function softmax(logits: Float32Array, temperature: number): Float64Array {
  const top = logits[argmax(logits)]!
  const shares = new Float64Array(logits.length)
  let total = 0
  for (let i = 0; i < logits.length; i++) {
    const share = Math.exp((logits[i]! - top) / temperature)
    shares[i] = share
    total += share
  }
  usable(total)
  for (let i = 0; i < shares.length; i++) shares[i]! /= total
  return shares
}

interface Candidate {
  readonly id: number
  readonly share: number
}

function cutOff(shares: Float64Array, { topK, topP, minP }: Sampling): Candidate[] {
  const limited = topK !== undefined && topK < shares.length
  // What lies below both floors could not be kept: all such tokens together hold less than 1 - topP.
  const topPFloor = topP === undefined || limited ? 0 : (1 - topP) / shares.length
  const floor = Math.max(topPFloor, (minP ?? 0) * shares[argmax(shares)]!)
  let kept = limited ? likeliest(shares, topK) : all(shares, floor)
  if (topP !== undefined && topP < 1) {
    if (!limited) kept.sort(byShare)
    const total = limited ? sumOf(kept) : 1
    let held = 0
    const end = kept.findIndex(({ share }) => {
      held += share
      return held >= topP * total
    })
    if (end !== -1) kept = kept.slice(0, end + 1)
  }
  return kept.filter(({ share }) => share >= floor)
}

function all(shares: Float64Array, floor: number): Candidate[] {
  const kept: Candidate[] = []
  for (let id = 0; id < shares.length; id++) if (shares[id]! >= floor) kept.push({ id, share: shares[id]! })
  return kept
}

/** Up to here putting each in its place is faster than sorting; a caller may name a count near the vocabulary's own. */
const mostInserted = 4_096

/** The `count` likeliest, in order; ties by id. */
function likeliest(shares: Float64Array | Float32Array, count: number): Candidate[] {
  if (count > mostInserted) return inOrder(shares, count)
  const kept: Candidate[] = []
  for (let id = 0; id < shares.length; id++) {
    const share = shares[id]!
    if (kept.length === count && share <= kept[count - 1]!.share) continue
    let low = 0
    let high = kept.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (kept[middle]!.share >= share) low = middle + 1
      else high = middle
    }
    kept.splice(low, 0, { id, share })
    if (kept.length > count) kept.pop()
  }
  return kept
}

function inOrder(shares: Float64Array | Float32Array, count: number): Candidate[] {
  const ids = Uint32Array.from(shares, (_, id) => id).sort((a, b) => shares[b]! - shares[a]! || a - b)
  return Array.from(ids.subarray(0, count), (id) => ({ id, share: shares[id]! }))
}

function byShare(a: Candidate, b: Candidate): number {
  return b.share - a.share || a.id - b.id
}

function sumOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { share }) => sum + share, 0)
}

/** @param point in [0, 1) of the candidates' joint share */
function draw(candidates: readonly Candidate[], point: number): number {
  let left = point * sumOf(candidates)
  for (const { id, share } of candidates) {
    left -= share
    if (left < 0) return id
  }
  // Rounding may leave a rest; it belongs to the last one.
  return candidates.at(-1)!.id
}
