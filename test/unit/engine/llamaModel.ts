import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LlamaShape, llamaGraph } from './llamaGraph.ts'
import { type GraphSpec, onnxBytes, rawBytes } from './onnxBytes.ts'

/** Writes the decoder in the Hugging Face layout. It never ends an answer by itself. @returns its folder */
export async function writeLlamaModel(shape: LlamaShape): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'faculty-llama-'))
  await mkdir(join(folder, 'onnx'))
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value))
  await Promise.all([
    writeFile(join(folder, 'onnx', 'model.onnx'), onnxBytes(llamaGraph(shape))),
    json('config.json', {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      vocab_size: shape.vocabulary,
      hidden_size: shape.width,
      intermediate_size: shape.mlp,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      num_key_value_heads: shape.cacheHeads,
      max_position_embeddings: shape.contextTokens,
    }),
    json('generation_config.json', {}),
    json('tokenizer.json', pairTokenizer(shape.vocabulary)),
    json('tokenizer_config.json', {
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      chat_template: '{{ messages[0].content }}',
    }),
  ])
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Moves a graph's floats to a file beside it. @returns the graph without them, and the file's bytes */
export function withExternalData(graph: GraphSpec, file: string): { graph: GraphSpec; data: Buffer } {
  const parts: Buffer[] = []
  let offset = 0
  const constants = (graph.constants ?? []).map((tensor) => {
    if (tensor.type !== 'float32') return tensor
    const raw = rawBytes(tensor)
    parts.push(raw)
    offset += raw.length
    return { ...tensor, external: { file, offset: offset - raw.length } }
  })
  return { graph: { ...graph, constants }, data: Buffer.concat(parts) }
}

/** A byte-level tokenizer of printable characters and, up to the vocabulary's size, of letters joined by twos and threes. */
function pairTokenizer(vocabulary: number): object {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const tokens = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).concat('Ġ', 'Ċ')
  const merges: [string, string][] = []
  const pairs = letters.flatMap((a) => letters.map((b): [string, string] => [a, b]))
  const triples = pairs.flatMap(([a, b]) => letters.map((c): [string, string] => [a + b, c]))
  for (const merge of [...pairs, ...triples].slice(0, vocabulary - tokens.length)) {
    merges.push(merge)
    tokens.push(merge.join(''))
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', unk_token: null, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
  }
}
