/** A matrix in 8-bit integers: number (r, c) is `levels[r, c] · scales[channel]`, its channel being its row or column. */
export interface QuantizedMatrix {
  /** From -127 to 127, row-major. */
  readonly levels: Int8Array
  readonly scales: Float32Array
  /** Length of the difference over the length of the matrix, both as vectors; 0 for a matrix of zeros. */
  readonly relativeError: number
}

const mostLevels = 127
/** Below it 32-bit floats lose digits, and so would scales. */
const leastScale = 2 ** -126

/**
 * Symmetric, without zero point. Each channel's scale is its largest magnitude / 127, so no number moves by more than half
 * a scale; a channel of zeros (or of less than 127 · 2^-126) becomes zeros of scale 1.
 *
 * @param data row-major, rows × columns finite numbers
 * @param axis 0: one scale a row; 1: one a column
 */
export function quantizeMatrix(data: Float32Array, rows: number, columns: number, axis: 0 | 1): QuantizedMatrix {
  const scales = new Float32Array(axis === 0 ? rows : columns)
  const channelOf = axis === 0 ? (i: number) => Math.floor(i / columns) : (i: number) => i % columns
  for (let i = 0; i < data.length; i++) {
    const channel = channelOf(i)
    scales[channel] = Math.max(scales[channel]!, Math.abs(data[i]!))
  }
  for (const [channel, largest] of scales.entries()) {
    scales[channel] = largest / mostLevels < leastScale ? 1 : largest / mostLevels
  }
  const levels = new Int8Array(data.length)
  let [error, size] = [0, 0]
  for (let i = 0; i < data.length; i++) {
    const [value, scale] = [data[i]!, scales[channelOf(i)]!]
    levels[i] = Math.round(value / scale)
    error += (value - levels[i]! * scale) ** 2
    size += value ** 2
  }
  return { levels, scales, relativeError: size === 0 ? 0 : Math.sqrt(error / size) }
}
