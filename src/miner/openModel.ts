import type { Log } from '../base/log.ts'
import type { LoadedMiner } from '../domain/load.ts'
import { type DeviceName, parseDevices } from '../engine/deviceNames.ts'
import type { Dtype } from '../engine/dtypes.ts'
import type { Engine } from '../engine/engine.ts'
import { chooseModel, chooseUpstreamModel, manifestDevice } from './chooseModel.ts'

/** Inference servers to forward to, in place of a model opened here. */
export interface MinerUpstream {
  readonly urls: readonly URL[]
  /** As the servers name it. Default: what the manifest's model says under `upstream`. */
  readonly model?: string | undefined
  readonly key?: string | undefined
  /** Default: what the servers tell. */
  readonly contextTokens?: number | undefined
}

export interface ModelOptions {
  readonly miner: LoadedMiner
  /** A model of the manifest by name, or a model folder by path. Default: the manifest's first. */
  readonly model?: string | undefined
  /** Of the graph to take where the model's folder holds several. */
  readonly dtype?: Dtype | undefined
  /** Default: those of the manifest, else the CPU. */
  readonly devices?: readonly DeviceName[] | undefined
  readonly upstream?: MinerUpstream | undefined
  /** Most generations at one time, which a model opened here computes together. */
  readonly answersAtOnce: number
  readonly log: Log
}

/**
 * The engine of a miner: a model's folder, or the servers given. onnxruntime is loaded only where a model is.
 *
 * @returns undefined where the miner answers without a model
 * @throws InputError, EngineError for what cannot be used
 */
export async function openModel(options: ModelOptions): Promise<Engine | undefined> {
  const engine = await open(options)
  if (engine === undefined) return undefined
  const { name, fingerprint, contextTokens, device } = engine.model
  options.log.info({ model: name, fingerprint, contextTokens, device }, 'model opened')
  return engine
}

async function open({
  miner,
  model,
  dtype,
  devices,
  upstream,
  answersAtOnce,
  log,
}: ModelOptions): Promise<Engine | undefined> {
  if (upstream !== undefined) {
    const name = chooseUpstreamModel(miner, { model, upstreamModel: upstream.model })
    const { openOpenAiEngine } = await import('../engine/openai.ts')
    return await openOpenAiEngine({ ...upstream, model: name, onNote: (line) => log.warn(`upstream ${line}`) })
  }
  const folder = chooseModel(miner, model)
  if (folder === undefined) return undefined
  const chosen = devices ?? parseDevices(manifestDevice(miner, model) ?? 'cpu')
  const { openEngine } = await import('../engine/openEngine.ts')
  return await openEngine({
    folder,
    dtype,
    devices: chosen,
    limits: { maxRows: answersAtOnce },
    onDevice: (line) => log.info(`device ${line}`),
  })
}
