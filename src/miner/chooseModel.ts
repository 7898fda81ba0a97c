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
export function chooseModel(miner: LoadedMiner, wanted?: string): string | undefined {
  const { definition, manifest, folder } = miner
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
  if (known !== undefined && 'folder' in known) return join(folder, known.folder)
  if (known !== undefined) {
    throw new InputError(
      '--upstream',
      undefined,
      `${name} is ${known.upstream} on an inference server: give its address`,
    )
  }
  if (/[/\\.]/.test(name)) return resolve(name)
  throw new InputError('--model', name, `name one of ${names.join(', ')}, or give the path of a model folder`)
}

/**
 * What the inference servers call the model that a miner forwards to.
 *
 * @param wanted `upstreamModel` is its name outright; `model`, or else the first, is one of the manifest with `upstream`
 * @throws InputError where neither says a name, and for a miner that answers without a model
 */
export function chooseUpstreamModel(
  { definition, manifest }: LoadedMiner,
  wanted: { readonly model?: string | undefined; readonly upstreamModel?: string | undefined },
): string {
  if (definition.model === 'none') {
    throw new InputError('--upstream', wanted.upstreamModel ?? '', 'this miner answers without a model: leave it out')
  }
  if (wanted.upstreamModel !== undefined) return wanted.upstreamModel
  const name = wanted.model ?? Object.keys(manifest.models)[0]
  const known = name === undefined ? undefined : manifest.models[name]
  if (known !== undefined && 'upstream' in known) return known.upstream
  throw new InputError('--upstream.model', undefined, 'name the model as the inference server does')
}

/** The devices that the manifest names for a model of its own, as `--device` would; undefined where it names none. */
export function manifestDevice({ manifest }: LoadedMiner, wanted?: string): string | undefined {
  const known = manifest.models[wanted ?? Object.keys(manifest.models)[0] ?? '']
  return known !== undefined && 'folder' in known ? known.device : undefined
}
