import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GraphSpec, type NodeSpec, onnxBytes, type ValueSpec } from './onnxBytes.ts'

/*
 * Decoders of a few nodes in the Hugging Face layout, whose answers are known beforehand. The tokenizer's tokens are
 * single characters and a few words.
 */

export const endToken = '<eos>'
const tags = ['<calc>', '</calc>']
const characters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
/** Byte-level spellings of space and line feed. */
const whiteSpace = ['Ġ', 'Ċ']

export interface TinyModel {
  /**
   * `script`: each text is a token, and each is followed by the next one, whatever came before it. The first follows the
   * prompt's last character; the last one is the end.
   * `places`: each text is a token, written at its place after a prompt of two tokens, whatever came before it; what
   * stands where the runtime feeds is passed over. Then the end.
   * `history`: the next token is (Σ idᵢ·(positionᵢ + 1) + Σ maskᵢ) mod vocabulary over all tokens so far, so it is right
   * only with the right cache, positions and mask.
   */
  readonly kind: 'script' | 'places' | 'history'
  readonly script?: readonly string[]
  /** Whether `<calc>` and `</calc>` are tokens. Default: true. `<result>` is one where it is in the script. */
  readonly hasTags?: boolean
  readonly contextTokens?: number
  /** Of generation_config.json. */
  readonly calculator?: boolean
  readonly endIds?: readonly number[]
  readonly chatTemplate?: string | null
  readonly graphName?: string
  /** Further inputs that some exports have. */
  readonly extraInputs?: readonly ValueSpec[]
}

/** Ids of the tokens, in order: end, tags, characters, white space, then the script's words. */
export function vocabularyOf(model: TinyModel): string[] {
  const first = [endToken, ...(model.hasTags === false ? [] : tags), ...characters, ...whiteSpace]
  const words = (model.script ?? []).map(spelt).filter((word) => !first.includes(word))
  return [...first, ...new Set(words)]
}

/** A script's text as the vocabulary spells it. */
function spelt(text: string): string {
  return text.replace(/^ $/, 'Ġ').replace(/^\n$/, 'Ċ')
}

/** Writes the model under `folder`. @returns its vocabulary */
export async function writeTinyModel(folder: string, model: TinyModel): Promise<string[]> {
  const vocabulary = vocabularyOf(model)
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const { kind, script = [], contextTokens = 512, endIds = [0] } = model
  const graph = {
    script: () => scriptGraph(vocabulary, script),
    places: () => placesGraph(vocabulary, script, contextTokens),
    history: () => historyGraph(vocabulary.length),
  }[kind]()
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value))
  const spare = model.extraInputs ?? []
  await Promise.all([
    writeFile(
      join(folder, 'onnx', model.graphName ?? 'model.onnx'),
      onnxBytes({ ...graph, inputs: [...graph.inputs, ...spare] }),
    ),
    json('config.json', { model_type: 'tiny', max_position_embeddings: contextTokens, eos_token_id: 0 }),
    json('generation_config.json', { eos_token_id: endIds, calculator: model.calculator }),
    json('tokenizer.json', tokenizerOf(vocabulary)),
    json('tokenizer_config.json', {
      tokenizer_class: 'PreTrainedTokenizerFast',
      eos_token: endToken,
      clean_up_tokenization_spaces: false,
      ...(model.chatTemplate === null
        ? {}
        : { chat_template: model.chatTemplate ?? '{{ messages[messages | length - 1].content }}:' }),
    }),
  ])
  return vocabulary
}

/** The model in a temporary folder that `remove` deletes. */
export async function tinyModelFolder(model: TinyModel): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'faculty-tiny-model-'))
  await writeTinyModel(folder, model)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A script that works with one calculator call: ` <calc>6*7</calc>=42\nAnswer: ` and then the answer. */
export function workingScript(answer: string): string[] {
  return [' ', '<calc>', '6', '*', '7', '</calc>', '\nAnswer: ', answer, endToken]
}

function tokenizerOf(vocabulary: readonly string[]): object {
  const plain = [...characters, ...whiteSpace]
  const added = vocabulary.flatMap((content, id) => {
    if (plain.includes(content)) return []
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false }
    return [{ id, content, ...flags, special: [endToken, '<result>'].includes(content) }]
  })
  const ids = Object.fromEntries(vocabulary.flatMap((token, id) => (plain.includes(token) ? [[token, id]] : [])))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', unk_token: null, vocab: ids, merges: [] },
  }
}

const cacheShape = ['batch', 1, 'past', 1]
const decoderInputs: readonly ValueSpec[] = [
  { name: 'input_ids', type: 'int64', dims: ['batch', 'new'] },
  { name: 'attention_mask', type: 'int64', dims: ['batch', 'total'] },
  { name: 'position_ids', type: 'int64', dims: ['batch', 'new'] },
  { name: 'past_key_values.0.key', type: 'float32', dims: cacheShape },
  { name: 'past_key_values.0.value', type: 'float32', dims: cacheShape },
]
const presentShape = ['batch', 1, 'total', 1]

function outputsOf(vocabulary: number): ValueSpec[] {
  return [
    { name: 'logits', type: 'float32', dims: ['batch', 'new', vocabulary] },
    { name: 'present.0.key', type: 'float32', dims: presentShape },
    { name: 'present.0.value', type: 'float32', dims: presentShape },
  ]
}

/** id·(position + 1) of the new tokens joins the cache; its values hold the same. */
const cacheNodes: readonly NodeSpec[] = [
  { op: 'Add', inputs: ['position_ids', 'one'], outputs: ['place'] },
  { op: 'Mul', inputs: ['input_ids', 'place'], outputs: ['term'] },
  { op: 'Cast', inputs: ['term'], outputs: ['termFloat'], attributes: { to: 1 } },
  { op: 'Reshape', inputs: ['termFloat', 'slot'], outputs: ['entry'] },
  { op: 'Concat', inputs: ['past_key_values.0.key', 'entry'], outputs: ['present.0.key'], attributes: { axis: 2 } },
  { op: 'Concat', inputs: ['past_key_values.0.value', 'entry'], outputs: ['present.0.value'], attributes: { axis: 2 } },
]
const cacheConstants = [
  { name: 'one', type: 'int64', dims: [1], data: [1] },
  { name: 'slot', type: 'int64', dims: [4], data: [0, 1, -1, 1] },
] as const

/** logits = table[last token]; a certain successor has logit 10 and all others 0. */
function scriptGraph(vocabulary: readonly string[], script: readonly string[]): GraphSpec {
  const size = vocabulary.length
  const data = new Array<number>(size * size).fill(0)
  const idOf = (token: string): number => vocabulary.indexOf(spelt(token))
  // The prompt ends with a colon. What is fed goes on as its tag does: from `=42` by the digit.
  let before = ':'
  for (const token of script) {
    data[idOf(before) * size + idOf(token)] = 10
    before = ['</calc>', '<result>'].includes(token) ? '2' : token
  }
  return {
    name: 'script',
    nodes: [...cacheNodes, { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['logits'] }],
    constants: [...cacheConstants, { name: 'table', type: 'float32', dims: [size, size], data }],
    inputs: decoderInputs,
    outputs: outputsOf(size),
  }
}

/** logits = table[position]: 10 for the script's token, the end where it has none, and 0 for all others. */
function placesGraph(vocabulary: readonly string[], script: readonly string[], contextTokens: number): GraphSpec {
  const size = vocabulary.length
  const data = new Array<number>(contextTokens * size).fill(0)
  const promptTokens = 2
  for (let place = 0; place < contextTokens; place++) {
    const token = script[place + 1 - promptTokens] ?? endToken
    data[place * size + vocabulary.indexOf(spelt(token))] = 10
  }
  return {
    name: 'places',
    nodes: [...cacheNodes, { op: 'Gather', inputs: ['table', 'position_ids'], outputs: ['logits'] }],
    constants: [...cacheConstants, { name: 'table', type: 'float32', dims: [contextTokens, size], data }],
    inputs: decoderInputs,
    outputs: outputsOf(size),
  }
}

/** logits[v] = -(v - wanted)². */
function historyGraph(size: number): GraphSpec {
  return {
    name: 'history',
    nodes: [
      ...cacheNodes,
      { op: 'ReduceSum', inputs: ['present.0.key', 'cacheAxes'], outputs: ['keys'], attributes: { keepdims: 0 } },
      { op: 'ReduceSum', inputs: ['present.0.value', 'cacheAxes'], outputs: ['values'], attributes: { keepdims: 0 } },
      { op: 'Add', inputs: ['keys', 'values'], outputs: ['both'] },
      { op: 'Div', inputs: ['both', 'two'], outputs: ['sum'] },
      { op: 'Cast', inputs: ['attention_mask'], outputs: ['mask'], attributes: { to: 1 } },
      { op: 'ReduceSum', inputs: ['mask', 'maskAxes'], outputs: ['seen'], attributes: { keepdims: 0 } },
      { op: 'Add', inputs: ['sum', 'seen'], outputs: ['total'] },
      { op: 'Mod', inputs: ['total', 'size'], outputs: ['wanted'], attributes: { fmod: 1 } },
      { op: 'Reshape', inputs: ['wanted', 'scalar'], outputs: ['wantedCell'] },
      { op: 'Sub', inputs: ['ids', 'wantedCell'], outputs: ['distance'] },
      { op: 'Mul', inputs: ['distance', 'distance'], outputs: ['square'] },
      { op: 'Neg', inputs: ['square'], outputs: ['row'] },
      { op: 'Shape', inputs: ['input_ids'], outputs: ['shape'] },
      { op: 'Concat', inputs: ['shape', 'one'], outputs: ['shape3'], attributes: { axis: 0 } },
      { op: 'Expand', inputs: ['row', 'shape3'], outputs: ['logits'] },
    ],
    constants: [
      ...cacheConstants,
      { name: 'cacheAxes', type: 'int64', dims: [3], data: [1, 2, 3] },
      { name: 'maskAxes', type: 'int64', dims: [1], data: [1] },
      { name: 'two', type: 'float32', dims: [1], data: [2] },
      { name: 'size', type: 'float32', dims: [1], data: [size] },
      { name: 'scalar', type: 'int64', dims: [3], data: [1, 1, 1] },
      { name: 'ids', type: 'float32', dims: [1, 1, size], data: Array.from({ length: size }, (_, id) => id) },
    ],
    inputs: decoderInputs,
    outputs: outputsOf(size),
  }
}

/** The history model's tokens, computed here: what follows a prompt, `count` of them. Exact below 2^24. */
export function historyTokens(prompt: readonly number[], count: number, vocabulary: number): number[] {
  const all = [...prompt]
  for (let i = 0; i < count; i++) {
    const sum = all.reduce((total, id, position) => total + id * (position + 1), 0)
    all.push((sum + all.length) % vocabulary)
  }
  return all.slice(prompt.length)
}
