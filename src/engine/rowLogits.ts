import type { FloatValue } from './decoderLayout.ts'
import { EngineError } from './engineError.ts'

/**
 * The logits of each row's last position, as 32-bit floats whatever the graph's number format.
 *
 * @param logits [rows, positions, vocabulary]; a graph may leave all positions but the last one out
 * @returns for each row [vocabulary]
 * @throws EngineError `bad-output` for another shape
 */
export function rowLogits({ data, dims }: FloatValue, rows: number): Float32Array[] {
  const vocabulary = dims.at(-1) ?? 0
  const row = data.length / rows
  if (dims[0] !== rows || vocabulary === 0 || !(row >= vocabulary)) {
    const message = `the model gave logits of shape [${dims.join(', ')}] for ${rows} rows`
    throw new EngineError(message, { code: 'bad-output' })
  }
  return Array.from({ length: rows }, (_, index) => floats(data, (index + 1) * row - vocabulary, (index + 1) * row))
}

/**
 * Each row's numbers, as 32-bit floats whatever the graph's number format.
 *
 * @throws EngineError `bad-output` for another number of rows
 */
export function rowFloats({ data, dims }: FloatValue, rows: number): Float32Array[] {
  const size = data.length / rows
  if (dims[0] !== rows || size === 0) {
    const message = `the model gave an output of shape [${dims.join(', ')}] for ${rows} rows`
    throw new EngineError(message, { code: 'bad-output' })
  }
  return Array.from({ length: rows }, (_, index) => floats(data, index * size, (index + 1) * size))
}

function floats(data: FloatValue['data'], start: number, end: number): Float32Array {
  return data instanceof Float32Array
    ? data.subarray(start, end)
    : Float32Array.from(data.subarray(start, end), halfToFloat)
}

/** IEEE 754 binary16 bit pattern → number. */
function halfToFloat(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
