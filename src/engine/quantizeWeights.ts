import { EngineError } from './engineError.ts'
import {
  attributeFields,
  attributeTypes,
  elementTypes,
  externalLocation,
  graphFields,
  modelFields,
  nodeFields,
  opsetFields,
  tensorFields,
} from './onnxFields.ts'
import { type Field, fieldsOf, messageField, messagesOf, numberField, numbersOf, textsOf } from './protobuf.ts'
import { quantizeMatrix } from './quantizeMatrix.ts'
import { weightNames } from './weightNames.ts'

export interface QuantizedModel {
  readonly bytes: Uint8Array
  readonly weights: readonly QuantizedWeight[]
}

export interface QuantizedWeight {
  readonly name: string
  readonly rows: number
  readonly columns: number
  /** Length of the difference over the length of the weight, both as vectors. */
  readonly relativeError: number
}

/** Smaller ones are not worth a node. */
const fewestNumbers = 1024
/** The first whose DequantizeLinear takes a scale for each channel. */
const leastOpset = 13

/**
 * Keeps a model's large matrices as 8-bit integers with one float32 scale a row: a token of an embedding, an output of a
 * product with the transpose, else an input. (onnxruntime takes four times as long to multiply columns by their scales,
 * which loses about as little.) A DequantizeLinear node makes each weight again under its old name, so the rest of the
 * graph, and the arithmetic on activations, stay as they are.
 *
 * @param bytes a ModelProto with its weights inside
 * @param path of the model, for errors
 * @throws EngineError `bad-model` where the bytes are no model, its operator set is older than 13, a weight lies in another
 * file or is not finite, or there is nothing to quantise
 */
export function quantizeWeights(bytes: Uint8Array, path: string): QuantizedModel {
  const bad = (problem: string, mend: string, cause?: unknown): EngineError =>
    new EngineError(`${path}: ${problem}`, { code: 'bad-model', path }, { mend, cause })
  try {
    return quantized(bytes, bad)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw bad('it is no ONNX model', 'see whether the file is whole', error)
  }
}

function quantized(bytes: Uint8Array, bad: (problem: string, mend: string) => EngineError): QuantizedModel {
  const opset = opsetOf(bytes)
  if (opset < leastOpset) {
    throw bad(`it is of operator set ${opset}`, `export it again with operator set ${leastOpset} or later`)
  }
  const body = Buffer.concat([...messagesOf(bytes, modelFields.graph)])
  const names = weightNames(body)
  const weights: QuantizedWeight[] = []
  const nodes: Uint8Array[] = []
  const others: Uint8Array[] = []
  for (const field of fieldsOf(body)) {
    const weight = weightIn(field, names)
    if (weight === undefined) {
      others.push(field.raw)
      continue
    }
    const name = nameOf(weight)
    if (numbersOf(weight, tensorFields.location)[0] === externalLocation) {
      throw bad(`the weight ${name} lies in another file`, 'export it with its weights inside')
    }
    const [rows, columns] = numbersOf(weight, tensorFields.dims) as [number, number]
    const data = floatsOf(weight)
    if (data.length !== rows * columns) throw bad(`the weight ${name} is incomplete`, 'see whether the file is whole')
    if (!data.every(Number.isFinite)) {
      throw bad(`the weight ${name} holds what is no finite number`, 'train or export the model again')
    }
    const { levels, scales, relativeError } = quantizeMatrix(data, rows, columns)
    const [levelsName, scalesName] = [`${name}_quantized`, `${name}_scale`]
    nodes.push(messageField(graphFields.node, dequantizeNode(levelsName, scalesName, name)))
    for (const tensor of [
      tensorBytes(levelsName, elementTypes.int8, [rows, columns], levels),
      tensorBytes(scalesName, elementTypes.float32, [rows], scales),
    ]) {
      others.push(messageField(graphFields.initializer, tensor))
    }
    weights.push({ name, rows, columns, relativeError })
  }
  if (weights.length === 0) {
    const sort = `float32 matrix of ${fewestNumbers} numbers or more`
    throw bad(`no ${sort} of it feeds a product or embeds tokens`, 'give the fp32 graph of a decoder')
  }
  // Nodes stand in the order in which they run: these first.
  const rest = Array.from(fieldsOf(bytes), ({ number, raw }) => (number === modelFields.graph ? [] : [raw])).flat()
  return {
    bytes: Buffer.concat([...rest, messageField(modelFields.graph, Buffer.concat([...nodes, ...others]))]),
    weights,
  }
}

function opsetOf(bytes: Uint8Array): number {
  for (const set of messagesOf(bytes, modelFields.opset)) {
    const [domain = ''] = textsOf(set, opsetFields.domain)
    if (domain === '' || domain === 'ai.onnx') return numbersOf(set, opsetFields.version)[0] ?? 0
  }
  return 0
}

/** The tensor in a field of the graph, where it is one of the weights and a large float32 matrix. */
function weightIn({ number, value }: Field, names: ReadonlySet<string>): Uint8Array | undefined {
  if (number !== graphFields.initializer || typeof value === 'number' || !names.has(nameOf(value))) return undefined
  const [rows, columns, ...more] = numbersOf(value, tensorFields.dims)
  if (rows === undefined || columns === undefined || more.length > 0) return undefined
  const isFloat = numbersOf(value, tensorFields.type)[0] === elementTypes.float32
  return isFloat && rows * columns >= fewestNumbers ? value : undefined
}

function nameOf(tensor: Uint8Array): string {
  return textsOf(tensor, tensorFields.name)[0] ?? ''
}

function floatsOf(bytes: Uint8Array): Float32Array {
  const [raw = Buffer.concat([...messagesOf(bytes, tensorFields.floats)])] = messagesOf(bytes, tensorFields.raw)
  // A copy, as floats must begin at a multiple of 4.
  return new Float32Array(new Uint8Array(raw).buffer)
}

function tensorBytes(name: string, type: number, dims: readonly number[], data: Int8Array | Float32Array): Buffer {
  return Buffer.concat([
    ...dims.map((size) => numberField(tensorFields.dims, size)),
    numberField(tensorFields.type, type),
    messageField(tensorFields.name, name),
    messageField(tensorFields.raw, Buffer.from(data.buffer)),
  ])
}

function dequantizeNode(levels: string, scales: string, output: string): Buffer {
  const axisAttribute = [
    messageField(attributeFields.name, 'axis'),
    numberField(attributeFields.int, 0),
    numberField(attributeFields.type, attributeTypes.int),
  ]
  return Buffer.concat([
    messageField(nodeFields.input, levels),
    messageField(nodeFields.input, scales),
    messageField(nodeFields.output, output),
    messageField(nodeFields.op, 'DequantizeLinear'),
    messageField(nodeFields.attribute, Buffer.concat(axisAttribute)),
  ])
}
