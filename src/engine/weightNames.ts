import { attributeFields, graphFields, nodeFields, tensorFields, valueFields } from './onnxFields.ts'
import { messagesOf, numbersOf, textsOf } from './protobuf.ts'

/** They pass their first input on, in another shape or type at most. */
const carriers = new Set(['Identity', 'Reshape', 'Cast', 'Unsqueeze', 'Squeeze', 'Flatten'])

/**
 * The constants of a graph that are nothing but weights: operands of MatMul and Gemm, directly or transposed, and tables
 * that `input_ids` chooses from. A table that something else chooses from may hold angles, which bear no rounding.
 *
 * @param graph a GraphProto
 * @throws RangeError where the bytes are no protobuf
 */
export function weightNames(graph: Uint8Array): ReadonlySet<string> {
  const inputs = new Set(Array.from(messagesOf(graph, graphFields.input), nameOf))
  const names = Array.from(
    messagesOf(graph, graphFields.initializer),
    (one) => textsOf(one, tensorFields.name)[0] ?? '',
  )
  /** The constant that a name stands for, itself or transposed. One that is an input too is only a default. */
  const constants = new Map(names.flatMap((name) => (inputs.has(name) ? [] : [[name, name] as const])))
  const tokens = new Set(['input_ids'])
  const weights = new Set<string>()
  const others = new Set<string>()
  visit(graph)
  return new Set([...weights].filter((name) => !others.has(name)))

  function visit(part: Uint8Array): void {
    for (const bytes of messagesOf(part, graphFields.node)) {
      const node = readNode(bytes)
      const [first = '', second = ''] = node.inputs
      const [output = ''] = node.outputs
      if (carriers.has(node.op) && tokens.has(first)) tokens.add(output)
      for (const [index, input] of node.inputs.entries()) {
        const constant = constants.get(input)
        if (constant === undefined) continue
        if (node.op === 'Identity' || node.op === 'Transpose') constants.set(output, constant)
        else if (isWeight(node, index, tokens.has(second))) weights.add(constant)
        else others.add(constant)
      }
      for (const graph of node.graphs) visit(graph)
    }
  }
}

/** Whether operand `index` is a weight. */
function isWeight({ op, axis }: Node, index: number, choosesByTokens: boolean): boolean {
  if (op === 'MatMul') return true
  if (op === 'Gemm') return index < 2
  return op === 'Gather' && index === 0 && axis === 0 && choosesByTokens
}

interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly axis: number
  /** Of If and Loop; they see the names around them. */
  readonly graphs: readonly Uint8Array[]
}

function readNode(bytes: Uint8Array): Node {
  const attributes = [...messagesOf(bytes, nodeFields.attribute)]
  const { graph, graphs } = attributeFields
  return {
    op: textsOf(bytes, nodeFields.op)[0] ?? '',
    inputs: textsOf(bytes, nodeFields.input),
    outputs: textsOf(bytes, nodeFields.output),
    axis: attributes.flatMap((one) => (nameOf(one) === 'axis' ? numbersOf(one, attributeFields.int) : []))[0] ?? 0,
    graphs: attributes.flatMap((one) => [...messagesOf(one, graph), ...messagesOf(one, graphs)]),
  }
}

/** Of a value or an attribute: both keep it in the same field. */
function nameOf(bytes: Uint8Array): string {
  return textsOf(bytes, valueFields.name)[0] ?? ''
}
