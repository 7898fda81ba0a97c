import { EngineError } from './engineError.ts'

/** A tensor: its type as onnxruntime names it, its numbers row-major, its shape. */
export type Value =
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] }
  | { readonly type: 'bool'; readonly data: Uint8Array; readonly dims: readonly number[] }
  | FloatValue
/** 16-bit floats are bit patterns. */
export type FloatValue =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'float16'; readonly data: Uint16Array; readonly dims: readonly number[] }

/** One run of a decoder: new tokens for each row, and how many tokens of the row came before them. */
export interface Step {
  /** All with the same number of new tokens. */
  readonly rows: readonly { readonly ids: readonly number[]; readonly past: number }[]
  /** Places in the cache that is fed; of each row's, the first `past` hold tokens and the rest is padding. */
  readonly places: number
}

/** One tensor of the key-value cache, [rows, heads, places, head size]. */
export interface CacheSlot {
  readonly input: string
  readonly output: string
  /** Output that holds the new tokens' part of `output` alone, where the graph has been made to tell it. */
  readonly entry: string | undefined
  readonly type: 'float32' | 'float16'
  readonly heads: number
  readonly headSize: number
}

/** What a graph says of one of its inputs or outputs; free dimensions have names. */
export interface GraphValue {
  readonly name: string
  readonly type?: string
  readonly shape?: readonly (number | string)[]
}

/** How a decoder graph is fed. */
export interface DecoderLayout {
  readonly inputs: readonly { readonly name: string; readonly value: (step: Step) => Value }[]
  readonly cache: readonly CacheSlot[]
  /** Name of the output. */
  readonly logits: string
  /** Whether the graph declares that it takes several rows. */
  readonly takesRows: boolean
}

/** The inputs beside the cache that Hugging Face's exporters give decoders. */
const knownInputs: Readonly<Record<string, (step: Step) => Value>> = {
  input_ids: ({ rows }) => table(rows.map(({ ids }) => ids)),
  /** 1 for the tokens that came before, 0 for the padding behind them, 1 for the new ones. */
  attention_mask: ({ rows, places }) => {
    const width = places + rows[0]!.ids.length
    const data = new BigInt64Array(rows.length * width)
    rows.forEach(({ past }, row) => {
      data.fill(1n, row * width, row * width + past)
      data.fill(1n, row * width + places, (row + 1) * width)
    })
    return { type: 'int64', data, dims: [rows.length, width] }
  },
  position_ids: ({ rows }) => table(rows.map(({ ids, past }) => ids.map((_, index) => past + index))),
  /** Of merged graphs: whether there is a cache yet. */
  use_cache_branch: ({ places }) => ({ type: 'bool', data: Uint8Array.of(places > 0 ? 1 : 0), dims: [1] }),
  num_logits_to_keep: () => ({ type: 'int64', data: BigInt64Array.of(1n), dims: [] }),
}

export const pastPrefix = 'past_key_values.'
export const presentPrefix = 'present.'
const layoutMend =
  'export it as a decoder with past, e.g. with optimum-cli export onnx --task text-generation-with-past'

/**
 * Reads from a graph's own inputs and outputs how to feed it: the contract of Hugging Face's exports for causal language
 * models with a key-value cache.
 *
 * @param entries outputs that hold the new tokens' part of a cache output, by that output's name
 * @throws EngineError `bad-model` naming the input or output that does not fit
 * @see facts: dependencies.md, section 4
 */
export function decoderLayout(
  graph: { readonly inputMetadata: readonly GraphValue[]; readonly outputMetadata: readonly GraphValue[] },
  path: string,
  entries: ReadonlyMap<string, string> = new Map(),
): DecoderLayout {
  const bad = (problem: string): EngineError =>
    new EngineError(`${path}: ${problem}`, { code: 'bad-model', path }, { mend: layoutMend })
  const outputs = new Set(graph.outputMetadata.map(({ name }) => name))
  if (!outputs.has('logits')) throw bad('the graph has no output logits')
  const inputs: { name: string; value: (step: Step) => Value }[] = []
  const cache: CacheSlot[] = []
  let takesRows = true
  for (const { name, type, shape = [] } of graph.inputMetadata) {
    if (!name.startsWith(pastPrefix)) {
      const value = knownInputs[name]
      if (value === undefined) throw bad(`the graph's input ${name} is none that a decoder has`)
      inputs.push({ name, value })
      if (name === 'input_ids' && typeof shape[0] === 'number') takesRows = false
      continue
    }
    const output = `${presentPrefix}${name.slice(pastPrefix.length)}`
    if (!outputs.has(output)) throw bad(`the graph has the input ${name} but no output ${output}`)
    const [, heads, , headSize] = shape
    if (typeof heads !== 'number' || typeof headSize !== 'number' || (type !== 'float32' && type !== 'float16')) {
      throw bad(`the graph's input ${name} is not a cache of shape [batch, heads, tokens, head size] in floats`)
    }
    cache.push({ input: name, output, entry: entries.get(output), type, heads, headSize })
  }
  if (!inputs.some(({ name }) => name === 'input_ids')) throw bad('the graph has no input input_ids')
  if (cache.length === 0) throw bad('the graph has no key-value cache')
  return { inputs, cache, logits: 'logits', takesRows }
}

/** The cache of one row without tokens. */
export function emptyCache({ type, heads, headSize }: CacheSlot): FloatValue {
  return floatValue(type, type === 'float32' ? new Float32Array(0) : new Uint16Array(0), [1, heads, 0, headSize])
}

/** @param data of the kind that `type` has */
export function floatValue(
  type: FloatValue['type'],
  data: Float32Array | Uint16Array,
  dims: readonly number[],
): FloatValue {
  if (type === 'float32' && data instanceof Float32Array) return { type, data, dims }
  if (type === 'float16' && data instanceof Uint16Array) return { type, data, dims }
  throw new TypeError(`floatValue: ${data.constructor.name} does not hold ${type}`)
}

function table(rows: readonly (readonly number[])[]): Value {
  return { type: 'int64', data: BigInt64Array.from(rows.flat(), BigInt), dims: [rows.length, rows[0]!.length] }
}
