import { makeRng } from '../../../src/base/random.ts'
import type { GraphSpec, NodeSpec, TensorSpec, ValueSpec } from './onnxBytes.ts'

/** Sizes of a decoder of the Llama kind. */
export interface LlamaShape {
  readonly vocabulary: number
  readonly layers: number
  readonly width: number
  readonly heads: number
  /** Heads of keys and values; each serves `heads / cacheHeads` heads of queries. */
  readonly cacheHeads: number
  readonly mlp: number
  readonly contextTokens: number
  /**
   * `half`: cache and logits of 16-bit floats. `int8`: the last product in 8-bit integers, its activations scaled over
   * all rows together. `fused`: attention as one operator of onnxruntime's own, which keeps each row's length.
   */
  readonly kind?: 'plain' | 'half' | 'int8' | 'fused'
}

/**
 * A freshly initialised decoder with the inputs and outputs of Hugging Face's exports: RMSNorm, rotary positions, grouped
 * queries, gated MLP. Its nodes are those that an exporter writes, so nothing is fused beforehand.
 */
export function llamaGraph(shape: LlamaShape, seed = 'llama'): GraphSpec {
  const { vocabulary, layers, width, heads, cacheHeads, mlp, contextTokens, kind = 'plain' } = shape
  const outside = kind === 'half' ? 'float16' : 'float32'
  const size = width / heads
  const rng = makeRng(seed)
  const nodes: NodeSpec[] = []
  const constants: TensorSpec[] = []
  const inputs: ValueSpec[] = [
    { name: 'input_ids', type: 'int64', dims: ['batch', 'new'] },
    { name: 'attention_mask', type: 'int64', dims: ['batch', 'total'] },
    { name: 'position_ids', type: 'int64', dims: ['batch', 'new'] },
  ]
  const outputs: ValueSpec[] = [{ name: 'logits', type: outside, dims: ['batch', 'new', vocabulary] }]
  let made = 0

  function op(name: string, of: readonly string[], attributes: NodeSpec['attributes'] = {}, output?: string): string {
    const result = output ?? `${name}_${made++}`
    nodes.push({ op: name, inputs: of, outputs: [result], attributes })
    return result
  }
  function ints(...data: number[]): string {
    const name = `ints_${made++}`
    constants.push({ name, type: 'int64', dims: [data.length], data })
    return name
  }
  function floats(name: string, dims: readonly number[], value: (index: number) => number): string {
    const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1))
    for (let i = 0; i < data.length; i++) data[i] = value(i)
    constants.push({ name, type: 'float32', dims, data })
    return name
  }
  // A sum of four uniform draws is normal enough, and a model of 20 million weights is made in a second.
  const normal = (deviation: number) => () =>
    (rng.float() + rng.float() + rng.float() + rng.float() - 2) * Math.sqrt(3) * deviation
  const weights = (name: string, rows: number, columns: number): string =>
    floats(name, [rows, columns], normal(rows ** -0.5))
  const scalar = (name: string, value: number): string => floats(name, [1], () => value)

  const epsilon = scalar('epsilon', 1e-5)
  const scale = scalar('scale', size ** -0.5)
  const [seen, hidden] = [scalar('seen', 0), scalar('hidden', -3.4028234663852886e38)]
  const [zero, one] = [ints(0), ints(1)]

  const norm = (x: string, name: string): string => {
    const mean = op('ReduceMean', [op('Mul', [x, x])], { axes: [-1], keepdims: 1 })
    const scaled = op('Div', [x, op('Sqrt', [op('Add', [mean, epsilon])])])
    return op('Mul', [scaled, floats(name, [width], () => 1)])
  }

  const turn = (index: number): number => {
    const half = size / 2
    return Math.floor(index / half) * 10_000 ** (-(index % half) / half)
  }
  const tableDims = [contextTokens, size / 2]
  const turned = (name: string, of: (angle: number) => number): string =>
    op('Unsqueeze', [op('Gather', [floats(name, tableDims, (i) => of(turn(i))), 'position_ids']), one])
  const [cos, sin] = [turned('cosines', Math.cos), turned('sines', Math.sin)]
  const rotate = (x: string): string => {
    const [first, second] = [`first_${made}`, `second_${made++}`]
    nodes.push({ op: 'Split', inputs: [x], outputs: [first, second], attributes: { axis: -1 } })
    const left = op('Sub', [op('Mul', [first, cos]), op('Mul', [second, sin])])
    const right = op('Add', [op('Mul', [second, cos]), op('Mul', [first, sin])])
    return op('Concat', [left, right], { axis: -1 })
  }

  // Places in the padded row, not positions: a token sees the places up to its own.
  const places = op('CumSum', [op('Add', [op('Mul', ['attention_mask', zero]), one]), scalarInt()])
  const own = op('Slice', [
    places,
    op('Neg', [op('Slice', [op('Shape', ['input_ids']), one, ints(2)])]),
    ints(2 ** 31),
    one,
  ])
  const reached = op('LessOrEqual', [op('Unsqueeze', [places, one]), op('Unsqueeze', [own, ints(2)])])
  const counts = op('Unsqueeze', [op('Greater', ['attention_mask', zero]), one])
  const bias = op('Unsqueeze', [op('Where', [op('And', [reached, counts]), seen, hidden]), one])

  function scalarInt(): string {
    constants.push({ name: 'axis', type: 'int64', dims: [], data: [1] })
    return 'axis'
  }

  const split = (x: string, count: number): string =>
    op('Transpose', [op('Reshape', [x, ints(0, 0, count, size)])], { perm: [0, 2, 1, 3] })
  const shared = (x: string): string => {
    if (cacheHeads === heads) return x
    const apart = op('Unsqueeze', [x, ints(2)])
    const copies = new Array<string>(heads / cacheHeads).fill(apart)
    return op('Reshape', [op('Concat', copies, { axis: 2 }), ints(0, heads, -1, size)])
  }
  const cacheOf = (layer: number, part: 'key' | 'value'): { past: string; present: string } => {
    const [past, present] = [`past_key_values.${layer}.${part}`, `present.${layer}.${part}`]
    inputs.push({ name: past, type: outside, dims: ['batch', cacheHeads, 'past', size] })
    outputs.push({ name: present, type: outside, dims: ['batch', cacheHeads, 'total', size] })
    return { past, present }
  }
  const half = (x: string): string => (kind === 'half' ? op('Cast', [x], { to: 10 }) : x)
  const single = (x: string): string => (kind === 'half' ? op('Cast', [x], { to: 1 }) : x)
  const cached = (layer: number, part: 'key' | 'value', x: string): string => {
    const { past, present } = cacheOf(layer, part)
    return shared(single(op('Concat', [past, half(x)], { axis: 2 }, present)))
  }
  const attention = (layer: number, y: string): string => {
    const product = (name: string, count: number): string =>
      op('MatMul', [y, weights(`layers.${layer}.${name}`, width, count * size)])
    const part = (name: string, count: number): string => split(product(name, count), count)
    if (kind === 'fused') return fusedAttention(layer, product)
    const query = rotate(part('query', heads))
    const key = cached(layer, 'key', rotate(part('key', cacheHeads)))
    const value = cached(layer, 'value', part('value', cacheHeads))
    const scores = op('Mul', [op('MatMul', [query, op('Transpose', [key], { perm: [0, 1, 3, 2] })]), scale])
    const mixed = op('MatMul', [op('Softmax', [op('Add', [scores, bias])], { axis: -1 }), value])
    return op('Reshape', [op('Transpose', [mixed], { perm: [0, 2, 1, 3] }), ints(0, 0, width)])
  }
  const fusedAttention = (layer: number, product: (name: string, count: number) => string): string => {
    const [key, value] = [cacheOf(layer, 'key'), cacheOf(layer, 'value')]
    const counted = op('Sub', [op('ReduceSum', ['attention_mask', one], { keepdims: 0 }), one])
    const total = op('Squeeze', [op('Slice', [op('Shape', ['attention_mask']), one, ints(2)])])
    const mixed = `attention_${layer}`
    nodes.push({
      op: 'GroupQueryAttention',
      domain: 'com.microsoft',
      inputs: [
        ...[product('query', heads), product('key', cacheHeads), product('value', cacheHeads), key.past, value.past],
        ...[op('Cast', [counted], { to: 6 }), op('Cast', [total], { to: 6 }), 'cosines', 'sines'],
      ],
      outputs: [mixed, key.present, value.present],
      attributes: { num_heads: heads, kv_num_heads: cacheHeads, do_rotary: 1 },
    })
    return mixed
  }

  let x = op('Gather', [floats('embedding', [vocabulary, width], normal(1)), 'input_ids'])
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string): string => `layers.${layer}.${name}`
    const joined = attention(layer, norm(x, at('attentionNorm')))
    x = op('Add', [x, op('MatMul', [joined, weights(at('out'), width, width)])])
    const z = norm(x, at('mlpNorm'))
    const gate = op('MatMul', [z, weights(at('gate'), width, mlp)])
    const open = op('Mul', [op('Mul', [gate, op('Sigmoid', [gate])]), op('MatMul', [z, weights(at('up'), width, mlp)])])
    x = op('Add', [x, op('MatMul', [open, weights(at('down'), mlp, width)])])
  }
  const last = norm(x, 'norm')
  if (kind === 'int8') {
    nodes.push({ op: 'DynamicQuantizeLinear', inputs: [last], outputs: ['levels', 'levelScale', 'levelZero'] })
    const data = Array.from({ length: width * vocabulary }, () => rng.int(-127, 127))
    constants.push({ name: 'head', type: 'int8', dims: [width, vocabulary], data })
    const product = op('Cast', [op('MatMulInteger', ['levels', 'head', 'levelZero'])], { to: 1 })
    op('Mul', [product, op('Mul', ['levelScale', scalar('headScale', 1 / (64 * Math.sqrt(width)))])], {}, 'logits')
  } else {
    const logits = ['MatMul', [last, weights('head', width, vocabulary)]] as const
    if (kind === 'half') op('Cast', [op(...logits)], { to: 10 }, 'logits')
    else op(...logits, {}, 'logits')
  }
  return { name: 'llama', nodes, constants, inputs, outputs }
}
