import { pastPrefix, presentPrefix } from './decoderLayout.ts'

/*
 * Just enough of ONNX's protobuf to make a decoder tell the new tokens' keys and values by themselves. Its outputs
 * `present.*` are the whole cache, past and new, so fetching them copies the whole cache at every token. Field numbers
 * are those of onnx.proto.
 */

export interface ExposedGraph {
  /** The model, with further outputs. */
  readonly bytes: Uint8Array
  /** Name of the output with the new tokens' part, by the name of the output that holds past and new. */
  readonly entries: ReadonlyMap<string, string>
}

const fields = { modelGraph: 7, graphNode: 1, graphOutput: 12, nodeInput: 1, nodeOutput: 2, nodeOp: 4, valueName: 1 }

/**
 * Adds outputs to a decoder whose caches grow by `Concat(past, new)` at the top of its graph.
 *
 * @param bytes a ModelProto
 * @returns undefined where some cache grows in another way, or where the bytes are no model
 */
export function exposeEntries(bytes: Uint8Array): ExposedGraph | undefined {
  const entries = new Map<string, string>()
  let caches = 0
  try {
    for (const graph of messages(bytes, fields.modelGraph)) {
      for (const node of messages(graph, fields.graphNode)) {
        const outputs = texts(node, fields.nodeOutput)
        const present = outputs.find((name) => name.startsWith(presentPrefix))
        if (present === undefined) continue
        caches++
        const [past, added, ...more] = texts(node, fields.nodeInput)
        const wanted = `${pastPrefix}${present.slice(presentPrefix.length)}`
        const [op] = texts(node, fields.nodeOp)
        if (op === 'Concat' && past === wanted && added !== undefined && more.length === 0) entries.set(present, added)
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  if (caches === 0 || entries.size !== caches) return undefined
  // Of a message that comes twice, a protobuf reader makes one: the outputs join those that are there.
  const names = [...new Set(entries.values())].map((name) =>
    message(fields.graphOutput, message(fields.valueName, Buffer.from(name, 'utf8'))),
  )
  return { bytes: Buffer.concat([bytes, message(fields.modelGraph, Buffer.concat(names))]), entries }
}

function texts(bytes: Uint8Array, field: number): string[] {
  return Array.from(messages(bytes, field), (text) => Buffer.from(text).toString('utf8'))
}

/** The length-delimited values of one field. @throws RangeError where the bytes are no protobuf */
function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array, void> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('the protobuf breaks off')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const [field, wire] = [Math.floor(tag / 8), tag % 8]
    if (wire === 0) varint()
    else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else if (wire === 2) {
      const end = varint() + at
      if (end > bytes.length) throw new RangeError('the protobuf breaks off')
      if (field === wanted) yield bytes.subarray(at, end)
      at = end
    } else throw new RangeError(`the protobuf holds a field of the unknown kind ${wire}`)
  }
}

function message(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varintBytes(field * 8 + 2), varintBytes(bytes.length), bytes])
}

function varintBytes(value: number): Buffer {
  const groups: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) groups.push((rest % 128) + 128)
  return Buffer.from([...groups, rest])
}
