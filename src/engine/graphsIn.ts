import { readdir } from 'node:fs/promises'
import { EngineError } from './engineError.ts'
import { layoutMend } from './modelFingerprint.ts'

/** Decoders' file names, without number format and ending, in this order; merged graphs serve prompt and steps alike. */
export const graphNames = ['model', 'model_merged', 'decoder_model_merged']

/** Names of the graphs in a model's `onnx/`, in order. @throws EngineError `bad-model` where it cannot be read */
export async function graphsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.onnx')).sort()
  } catch (error) {
    const failure = { code: 'bad-model', path: folder } as const
    throw new EngineError(`${folder}: the folder cannot be read`, failure, { mend: layoutMend, cause: error })
  }
}
