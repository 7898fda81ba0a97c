import { join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { LoadedMiner } from '../domain/load.ts'

/**
 * The folder of the model that a miner serves.
 *
 * @param wanted a name from the manifest or the path of a Hugging Face decoder folder; default: the manifest's first
 * @returns undefined where the miner answers without a model
 * @throws InputError for a name that is not in the manifest, and for a model where none is used
 */
export function chooseModel({ definition, manifest, folder }: LoadedMiner, wanted?: string): string | undefined {
  if (definition.model === 'none') {
    if (wanted === undefined) return undefined
    throw new InputError('--model', wanted, 'this miner answers without a model: leave --model out')
  }
  const names = Object.keys(manifest.models)
  const name = wanted ?? names[0]
  if (name === undefined) {
    const mend = "name a model folder there, or say model: 'none' in miner.ts"
    throw new InputError(`${join(folder, 'manifest.json')}: models`, manifest.models, mend)
  }
  const known = manifest.models[name]
  if (known !== undefined) return join(folder, known.folder)
  if (/[/\\.]/.test(name)) return resolve(name)
  throw new InputError('--model', name, `name one of ${names.join(', ')}, or give the path of a model folder`)
}
