/** A matrix in 8-bit integers: number (r, c) is `levels[r, c] · scales[r]`. */
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
 * Symmetric, without zero point. Each row's scale is its largest magnitude / 127, so no number moves by more than half a
 * scale; a row of zeros (or of less than 127 · 2^-126) becomes zeros of scale 1.
 *
 * @param data row-major, rows × columns finite numbers
 */
export function quantizeMatrix(data: Float32Array, rows: number, columns: number): QuantizedMatrix {
  const levels = new Int8Array(data.length)
  const scales = new Float32Array(rows)
  let [error, size] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * columns, (row + 1) * columns)
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    scales[row] = largest / mostLevels < leastScale ? 1 : largest / mostLevels
    const scale = scales[row]!
    for (const [column, value] of own.entries()) {
      const level = Math.round(value / scale)
      levels[row * columns + column] = level
      error += (value - level * scale) ** 2
      size += value ** 2
    }
  }
  return { levels, scales, relativeError: size === 0 ? 0 : Math.sqrt(error / size) }
}
