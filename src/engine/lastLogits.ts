import { EngineError } from './engineError.ts'

/**
 * The logits of the last position of one sequence, as 32-bit floats whatever the graph's number format.
 *
 * @param data row-major; 16-bit floats as bit patterns in a Uint16Array
 * @param dims [1, positions, vocabulary]
 */
export function lastLogits(data: unknown, dims: readonly number[]): Float32Array {
  const vocabulary = dims.at(-1) ?? 0
  if (data instanceof Float32Array && vocabulary > 0) return data.subarray(data.length - vocabulary)
  if (data instanceof Uint16Array && vocabulary > 0) {
    return Float32Array.from(data.subarray(data.length - vocabulary), halfToFloat)
  }
  throw new EngineError(`the model gave logits of shape [${dims.join(', ')}] in no format known here`, {
    code: 'bad-output',
  })
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
