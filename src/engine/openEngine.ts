import { basename, dirname, resolve } from 'node:path'
import type { DeviceName } from './deviceNames.ts'
import { chooseDevice } from './devices.ts'
import type { Engine, GenerateRequest } from './engine.ts'
import { generate } from './generate.ts'
import { withinLimits } from './limits.ts'
import { modelFingerprint } from './modelFingerprint.ts'
import { readModelFolder } from './modelFolder.ts'
import { openOnnxDecoder } from './onnx.ts'

export interface OpenEngineOptions {
  /** A decoder in the Hugging Face layout. */
  readonly folder: string
  /** For people. Default: the folder's last two names, e.g. `law/expert`. */
  readonly name?: string
  /** In the order in which they are tried. Default: the CPU alone. */
  readonly devices?: readonly DeviceName[]
  /** Hears which device was chosen and why each earlier one was not. */
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
  const [model, fingerprint] = await Promise.all([readModelFolder(folder), modelFingerprint(folder)])
  const { device, lines } = await chooseDevice(devices)
  for (const line of lines) onDevice(line)
  const decoder = await openOnnxDecoder(model, device)
  const { contextTokens, limits } = model
  const answer = (request: GenerateRequest, signal?: AbortSignal) => generate({ decoder, ...model }, request, signal)
  return {
    model: { name: options.name ?? nameOf(folder), fingerprint, contextTokens, device },
    generate: limits === undefined ? answer : withinLimits(limits, model, answer),
    close: () => decoder.close(),
  }
}

function nameOf(folder: string): string {
  const path = resolve(folder)
  return `${basename(dirname(path))}/${basename(path)}`
}
