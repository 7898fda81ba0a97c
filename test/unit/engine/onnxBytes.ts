/*
 * Just enough of ONNX's protobuf to write small graphs in tests. Field numbers are those of onnx.proto.
 */

export type ElementType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool' | 'float16'

const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } satisfies Record<
  ElementType,
  number
>

export interface NodeSpec {
  readonly op: string
  /** Of an operator that is not ONNX's own. */
  readonly domain?: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Whole numbers and lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>
  /** Of If and Loop. */
  readonly graphs?: Readonly<Record<string, GraphSpec>>
}

export interface TensorSpec {
  readonly name: string
  readonly type: 'float32' | 'int8' | 'int64'
  readonly dims: readonly number[]
  readonly data: readonly number[] | Float32Array
  /** Where the data lies outside of the model. */
  readonly external?: { readonly file: string; readonly offset: number }
}

export interface ValueSpec {
  readonly name: string
  readonly type: ElementType
  /** Names are free dimensions. */
  readonly dims: readonly (number | string)[]
}

export interface GraphSpec {
  readonly name: string
  readonly nodes: readonly NodeSpec[]
  readonly constants?: readonly TensorSpec[]
  readonly inputs: readonly ValueSpec[]
  readonly outputs: readonly ValueSpec[]
}

/** A ModelProto of IR version 7. */
export function onnxBytes(graph: GraphSpec, opset = 14): Uint8Array {
  const domains = new Set(graph.nodes.flatMap(({ domain }) => domain ?? []))
  const sets = [...domains].map((domain) => message(8, Buffer.concat([text(1, domain), number(2, 1)])))
  const own = message(8, Buffer.concat([text(1, ''), number(2, opset)]))
  return Buffer.concat([number(1, 7), message(7, graphBytes(graph)), own, ...sets])
}

function graphBytes(graph: GraphSpec): Buffer {
  return Buffer.concat([
    ...graph.nodes.map((node) => message(1, nodeBytes(node))),
    text(2, graph.name),
    ...(graph.constants ?? []).map((tensor) => message(5, tensorBytes(tensor))),
    ...graph.inputs.map((value) => message(11, valueBytes(value))),
    ...graph.outputs.map((value) => message(12, valueBytes(value))),
  ])
}

function nodeBytes({ op, domain, inputs, outputs, attributes = {}, graphs = {} }: NodeSpec): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, attributeBytes(name, value))),
    ...Object.entries(graphs).map(([name, graph]) =>
      message(5, Buffer.concat([text(1, name), message(6, graphBytes(graph)), number(20, 5)])),
    ),
    ...(domain === undefined ? [] : [text(7, domain)]),
  ])
}

function attributeBytes(name: string, value: number | readonly number[]): Buffer {
  return typeof value === 'number'
    ? Buffer.concat([text(1, name), number(3, value), number(20, 2)])
    : Buffer.concat([text(1, name), ...value.map((one) => number(8, one)), number(20, 7)])
}

/** A tensor's numbers, little endian. */
export function rawBytes({ type, data }: TensorSpec): Buffer {
  const raw = {
    float32: () => Float32Array.from(data),
    int8: () => Int8Array.from(data),
    int64: () => BigInt64Array.from([...data], BigInt),
  }[type]()
  return Buffer.from(raw.buffer)
}

function tensorBytes(tensor: TensorSpec): Buffer {
  const { name, type, dims, external } = tensor
  const entry = (key: string, value: unknown): Buffer =>
    message(13, Buffer.concat([text(1, key), text(2, String(value))]))
  const raw = rawBytes(tensor)
  const place =
    external === undefined
      ? [message(9, raw)]
      : [entry('location', external.file), entry('offset', external.offset), entry('length', raw.length), number(14, 1)]
  return Buffer.concat([...dims.map((size) => number(1, size)), number(2, elementTypes[type]), text(8, name), ...place])
}

function valueBytes({ name, type, dims }: ValueSpec): Buffer {
  const shape = dims.map((size) => message(1, typeof size === 'number' ? number(1, size) : text(2, size)))
  const tensor = Buffer.concat([number(1, elementTypes[type]), message(2, Buffer.concat(shape))])
  return Buffer.concat([text(1, name), message(2, message(1, tensor))])
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)])
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value, 'utf8'))
}

function message(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes])
}

/** Base 128, least significant group first; two's complement over 64 bits for negative numbers. */
function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(bytes)
}
