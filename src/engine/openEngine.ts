import { basename, dirname, resolve } from 'node:path'
import { type BatcherLimits, startBatcher } from './batcher.ts'
import { probeBatching } from './batchProbe.ts'
import type { DeviceName } from './deviceNames.ts'
import { chooseDevice } from './devices.ts'
import type { Engine } from './engine.ts'
import { generate } from './generate.ts'
import { modelFingerprint } from './modelFingerprint.ts'
import { type Dtype, readModelFolder } from './modelFolder.ts'
import { openOnnxGraph } from './onnx.ts'

export interface OpenEngineOptions {
  /** A decoder in the Hugging Face layout. */
  readonly folder: string
  /** For people. Default: the folder's last two names, e.g. `law/expert`. */
  readonly name?: string
  /** Of the graph to take where the folder holds several. Default: fp32, or else the only one. */
  readonly dtype?: Dtype | undefined
  /** In the order in which they are tried. Default: the CPU alone. */
  readonly devices?: readonly DeviceName[]
  readonly limits?: Partial<BatcherLimits>
  /** Hears which device was chosen, why each earlier one was not, and how the model can be batched. */
  readonly onDevice?: (line: string) => void
}

/**
 * Opens a local model.
 *
 * @throws EngineError `bad-model`, `no-device`; InputError where a file of the folder cannot be used
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const { folder, devices = ['cpu'], onDevice = () => undefined } = options
  // First what needs no device: a wrong path is the commonest mistake.
  const [model, fingerprint] = await Promise.all([readModelFolder(folder, options.dtype), modelFingerprint(folder)])
  const { device, lines } = await chooseDevice(devices)
  for (const line of lines) onDevice(line)
  const { graph, layout } = await openOnnxGraph(model.graph, device)
  const { tokenizer, prompt, contextTokens, endIds } = model
  const { batching, line } = await probeBatching(graph, layout)
  onDevice(line)
  const name = options.name ?? nameOf(folder)
  const decoder = startBatcher({ graph, layout, batching, name, contextTokens, endIds, limits: options.limits ?? {} })
  return {
    model: { name, fingerprint, contextTokens, device },
    stats: () => decoder.stats(),
    generate: (request, signal, priority) => generate({ decoder, tokenizer, prompt }, request, { signal, priority }),
    close: () => decoder.close(),
  }
}

function nameOf(folder: string): string {
  const path = resolve(folder)
  return `${basename(dirname(path))}/${basename(path)}`
}
