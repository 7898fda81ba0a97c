import { attributeFields, graphFields, nodeFields, tensorFields, valueFields } from './onnxFields.ts'
import { messagesOf, numbersOf, textsOf } from './protobuf.ts'

/** How a graph uses one of its constants. */
export interface WeightUse {
  /** Of the constant: the dimension that becomes an output of the product, or the token of an embedding. */
  readonly axis: 0 | 1
}

/** A matrix of the graph: a constant, or the same transposed. */
interface View {
  readonly constant: string
  readonly isTransposed: boolean
}

/** They pass their first input on, in another shape or type at most. */
const carriers = new Set(['Identity', 'Reshape', 'Cast', 'Unsqueeze', 'Squeeze', 'Flatten'])

/**
 * The constants of a graph that are nothing but weights, by name: operands of MatMul and Gemm, directly or transposed, and
 * tables that `input_ids` chooses from. A table that something else chooses from may hold angles, which bear no rounding.
 *
 * @param graph a GraphProto
 * @throws RangeError where the bytes are no protobuf
 */
export function weightUses(graph: Uint8Array): ReadonlyMap<string, WeightUse> {
  const inputs = new Set(Array.from(messagesOf(graph, graphFields.input), nameOf))
  const names = Array.from(
    messagesOf(graph, graphFields.initializer),
    (one) => textsOf(one, tensorFields.name)[0] ?? '',
  )
  // A constant that is an input too is only a default.
  const constants = names.filter((name) => !inputs.has(name))
  const views = new Map(constants.map((constant): [string, View] => [constant, { constant, isTransposed: false }]))
  const tokens = new Set(['input_ids'])
  const uses = new Map<string, WeightUse>()
  const others = new Set<string>()
  visit(graph)
  for (const name of others) uses.delete(name)
  return uses

  function visit(part: Uint8Array): void {
    for (const bytes of messagesOf(part, graphFields.node)) {
      const node = readNode(bytes)
      const [first = '', second = ''] = node.inputs
      const [output = ''] = node.outputs
      if (carriers.has(node.op) && tokens.has(first)) tokens.add(output)
      for (const [index, input] of node.inputs.entries()) {
        const view = views.get(input)
        if (view === undefined) continue
        const { constant, isTransposed } = view
        if (node.op === 'Identity') views.set(output, view)
        else if (node.op === 'Transpose') views.set(output, { constant, isTransposed: !isTransposed })
        else {
          const axis = node.op === 'Gather' && !tokens.has(second) ? undefined : axisOf(node, index)
          if (axis === undefined) others.add(constant)
          // Of several uses the first decides: any axis gives the same bound for a number's error.
          else if (!uses.has(constant)) uses.set(constant, { axis: axis !== isTransposed ? 1 : 0 })
        }
      }
      for (const graph of node.graphs) visit(graph)
    }
  }
}

/** Whether the channels of a matrix that is operand `index` are its columns; undefined where it is no weight. */
function axisOf({ op, ints }: Node, index: number): boolean | undefined {
  if (op === 'MatMul') return index === 1
  if (op === 'Gemm' && index < 2) return index === 1 ? ints.get('transB') !== 1 : ints.get('transA') === 1
  if (op === 'Gather' && index === 0 && (ints.get('axis') ?? 0) === 0) return false
  return undefined
}

interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Attributes that are whole numbers. */
  readonly ints: ReadonlyMap<string, number>
  /** Of If and Loop; they see the names around them. */
  readonly graphs: readonly Uint8Array[]
}

function readNode(bytes: Uint8Array): Node {
  const attributes = [...messagesOf(bytes, nodeFields.attribute)]
  const ints = attributes.flatMap((one): [string, number][] => {
    const [value] = numbersOf(one, attributeFields.int)
    return value === undefined ? [] : [[nameOf(one), value]]
  })
  const { graph, graphs } = attributeFields
  return {
    op: textsOf(bytes, nodeFields.op)[0] ?? '',
    inputs: textsOf(bytes, nodeFields.input),
    outputs: textsOf(bytes, nodeFields.output),
    ints: new Map(ints),
    graphs: attributes.flatMap((one) => [...messagesOf(one, graph), ...messagesOf(one, graphs)]),
  }
}

/** Of a value or an attribute: both keep it in the same field. */
function nameOf(bytes: Uint8Array): string {
  return textsOf(bytes, valueFields.name)[0] ?? ''
}
