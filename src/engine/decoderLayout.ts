import { EngineError } from './engineError.ts'

/** A tensor to be made: its type as onnxruntime names it, its numbers row-major, its shape. */
export type Value =
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] }
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'float16'; readonly data: Uint16Array; readonly dims: readonly number[] }
  | { readonly type: 'bool'; readonly data: Uint8Array; readonly dims: readonly number[] }

/** One step of a sequence: the new tokens and how many came before them. */
export interface Step {
  readonly ids: readonly number[]
  readonly past: number
}

/** One tensor of the key-value cache, [1, heads, tokens, head size]. */
export interface CacheSlot {
  readonly input: string
  readonly output: string
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
}

/** The inputs beside the cache that Hugging Face's exporters give decoders. Batch size 1. */
const knownInputs: Readonly<Record<string, (step: Step) => Value>> = {
  input_ids: ({ ids }) => int64(ids),
  attention_mask: ({ ids, past }) => int64(new Array<number>(past + ids.length).fill(1)),
  position_ids: ({ ids, past }) => int64(ids.map((_, index) => past + index)),
  /** Of merged graphs: whether there is a cache yet. */
  use_cache_branch: ({ past }) => ({ type: 'bool', data: Uint8Array.of(past > 0 ? 1 : 0), dims: [1] }),
  num_logits_to_keep: () => ({ type: 'int64', data: BigInt64Array.of(1n), dims: [] }),
}

const pastPrefix = 'past_key_values.'
const layoutMend =
  'export it as a decoder with past, e.g. with optimum-cli export onnx --task text-generation-with-past'

/**
 * Reads from a graph's own inputs and outputs how to feed it: the contract of Hugging Face's exports for causal language
 * models with a key-value cache.
 *
 * @throws EngineError `bad-model` naming the input or output that does not fit
 * @see facts: dependencies.md, section 4
 */
export function decoderLayout(
  graph: { readonly inputMetadata: readonly GraphValue[]; readonly outputMetadata: readonly GraphValue[] },
  path: string,
): DecoderLayout {
  const bad = (problem: string): EngineError =>
    new EngineError(`${path}: ${problem}`, { code: 'bad-model', path }, { mend: layoutMend })
  const outputs = new Set(graph.outputMetadata.map(({ name }) => name))
  if (!outputs.has('logits')) throw bad('the graph has no output logits')
  const inputs: { name: string; value: (step: Step) => Value }[] = []
  const cache: CacheSlot[] = []
  for (const { name, type, shape = [] } of graph.inputMetadata) {
    if (!name.startsWith(pastPrefix)) {
      const value = knownInputs[name]
      if (value === undefined) throw bad(`the graph's input ${name} is none that a decoder has`)
      inputs.push({ name, value })
      continue
    }
    const output = `present.${name.slice(pastPrefix.length)}`
    if (!outputs.has(output)) throw bad(`the graph has the input ${name} but no output ${output}`)
    const [, heads, , headSize] = shape
    if (typeof heads !== 'number' || typeof headSize !== 'number' || (type !== 'float32' && type !== 'float16')) {
      throw bad(`the graph's input ${name} is not a cache of shape [batch, heads, tokens, head size] in floats`)
    }
    cache.push({ input: name, output, type, heads, headSize })
  }
  if (!inputs.some(({ name }) => name === 'input_ids')) throw bad('the graph has no input input_ids')
  if (cache.length === 0) throw bad('the graph has no key-value cache')
  return { inputs, cache, logits: 'logits' }
}

/** The cache of no tokens. */
export function emptyCache({ type, heads, headSize }: CacheSlot): Value {
  const dims = [1, heads, 0, headSize]
  return type === 'float32' ? { type, data: new Float32Array(0), dims } : { type, data: new Uint16Array(0), dims }
}

/** Token numbers as one row. */
function int64(numbers: readonly number[]): Value {
  return { type: 'int64', data: BigInt64Array.from(numbers, BigInt), dims: [1, numbers.length] }
}
