import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type DeviceName, providerOf } from './deviceNames.ts'

/**
 * The graph of a model to run on a device: on a GPU the one in half precision, where there is one beside it. Its name is
 * that of the graph with `_fp16`, as Hugging Face's exports have it.
 */
export async function graphFor(graph: string, device: DeviceName): Promise<string> {
  if (providerOf(device) === 'cpu') return graph
  const half = basename(graph).replace(/\.onnx$/, '_fp16.onnx')
  return (await readdir(dirname(graph))).includes(half) ? join(dirname(graph), half) : graph
}
