import type { Encoder } from './encoder.ts'
import { rowFloats } from './rowLogits.ts'
import { type OpenTextModelOptions, openTextModel, type TextOutputs } from './textModel.ts'

/**
 * Opens an encoder. A text's vector is what the graph gives as `sentence_embedding`, else the mean of its tokens' last
 * hidden states, scaled to length 1 as sentence models are compared.
 *
 * @throws EngineError `bad-model`, `no-device`; InputError where a file of the folder cannot be used
 */
export async function openEncoder(options: OpenTextModelOptions): Promise<Encoder> {
  const { model, read, close } = await openTextModel(options, ['sentence_embedding', 'last_hidden_state'], vectorsOf)
  return { model, embed: read, close }
}

function vectorsOf({ rows, length, value, name }: TextOutputs): Float32Array[] {
  const floats = rowFloats(value, rows.length)
  return rows.map((ids, row) => {
    const given = floats[row]!
    return unit(name === 'sentence_embedding' ? given : mean(given, ids.length, given.length / length))
  })
}

/** Of the first `count` vectors of `width` numbers. */
function mean(floats: Float32Array, count: number, width: number): Float32Array {
  const sums = new Float64Array(width)
  for (let i = 0; i < count * width; i++) sums[i % width]! += floats[i]!
  return Float32Array.from(sums, (sum) => sum / count)
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}
