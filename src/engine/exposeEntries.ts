import { pastPrefix, presentPrefix } from './decoderLayout.ts'
import { graphFields, modelFields, nodeFields, valueFields } from './onnxFields.ts'
import { messageField, messagesOf, textsOf } from './protobuf.ts'

/*
 * Makes a decoder tell the new tokens' keys and values by themselves. Its outputs `present.*` are the whole cache, past
 * and new, so fetching them copies the whole cache at every token.
 */

export interface ExposedGraph {
  /** The model, with further outputs. */
  readonly bytes: Uint8Array
  /** Name of the output with the new tokens' part, by the name of the output that holds past and new. */
  readonly entries: ReadonlyMap<string, string>
}

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
    for (const graph of messagesOf(bytes, modelFields.graph)) {
      for (const node of messagesOf(graph, graphFields.node)) {
        const outputs = textsOf(node, nodeFields.output)
        const present = outputs.find((name) => name.startsWith(presentPrefix))
        if (present === undefined) continue
        caches++
        const [past, added, ...more] = textsOf(node, nodeFields.input)
        const wanted = `${pastPrefix}${present.slice(presentPrefix.length)}`
        const [op] = textsOf(node, nodeFields.op)
        if (op === 'Concat' && past === wanted && added !== undefined && more.length === 0) entries.set(present, added)
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  if (caches === 0 || entries.size !== caches) return undefined
  // As a further graph: a reader makes one of the two, so the outputs join those that are there.
  const names = [...new Set(entries.values())].map((name) =>
    messageField(graphFields.output, messageField(valueFields.name, name)),
  )
  return { bytes: Buffer.concat([bytes, messageField(modelFields.graph, Buffer.concat(names))]), entries }
}
