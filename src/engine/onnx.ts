import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { messageOf } from '../base/errors.ts'
import { type DecoderLayout, decoderLayout, type FloatValue, type GraphValue } from './decoderLayout.ts'
import type { Graph } from './decoderSteps.ts'
import { type DeviceName, deviceNumber, providerOf } from './deviceNames.ts'
import { EngineError } from './engineError.ts'
import { type ExposedGraph, exposeEntries } from './exposeEntries.ts'

/*
 * The only module that touches onnxruntime. Its `run` computes on the thread that calls it and yields to the event loop
 * before each call.
 */

// It prints errors past every log setting although it throws them too.
env.logLevel = 'fatal'

/**
 * The same tokens must give the same bits in whatever company they are computed: without fusions a node's result does not
 * depend on which others are looked at, so an audit that exposes intermediates sees what was served. One thread is also
 * the fastest for small models.
 *
 * @see facts: dependencies.md, section 3; tiny-domain-models.md, section 6
 */
function sessionOptions(device: DeviceName): InferenceSession.SessionOptions {
  return {
    executionProviders: [executionProvider(device)],
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  }
}

function executionProvider(device: DeviceName): InferenceSession.ExecutionProviderConfig {
  const name = providerOf(device)
  return name === 'cuda' ? { name, deviceId: deviceNumber(device) } : name
}

/** Loads and runs a graph that doubles its one input. @throws whatever onnxruntime throws where the device cannot */
export async function runTinyGraph(graph: Uint8Array, device: DeviceName): Promise<number> {
  const session = await InferenceSession.create(graph, sessionOptions(device))
  try {
    const { y } = await session.run({ x: new Tensor('float32', [21], [1]) })
    return Number((await y!.getData())[0])
  } finally {
    await session.release()
  }
}

/** A graph in memory and what it says of itself. */
export interface OpenGraph {
  readonly graph: Graph
  readonly inputMetadata: readonly GraphValue[]
  readonly outputMetadata: readonly GraphValue[]
}

/**
 * Opens any graph.
 *
 * @param path of the ONNX file; files with external data lie beside it
 * @throws EngineError `bad-model` where it does not load
 */
export async function openOnnxGraph(path: string, device: DeviceName): Promise<OpenGraph> {
  const session = await loaded(path, device, () => InferenceSession.create(path, sessionOptions(device)))
  return { graph: graphOf(session, path, device), ...metadataOf(session) }
}

/**
 * Opens the graph of a decoder and makes it tell the new tokens' part of its cache by itself, where it can.
 *
 * @throws EngineError `bad-model` where it does not load or is not a decoder with a key-value cache
 */
export async function openOnnxDecoder(
  path: string,
  device: DeviceName,
): Promise<{ graph: Graph; layout: DecoderLayout }> {
  const exposed = await exposedGraph(path)
  // From memory, onnxruntime has to be told where the file's external data lies.
  const extra = { session: { model_external_initializers_file_folder_path: dirname(path) } }
  const session = await loaded(path, device, () =>
    exposed === undefined
      ? InferenceSession.create(path, sessionOptions(device))
      : InferenceSession.create(exposed.bytes, { ...sessionOptions(device), extra }),
  )
  const graph = graphOf(session, path, device)
  try {
    return { graph, layout: decoderLayout(metadataOf(session), path, exposed?.entries) }
  } catch (error) {
    await graph.close()
    throw error
  }
}

function metadataOf({ inputMetadata, outputMetadata }: InferenceSession): Omit<OpenGraph, 'graph'> {
  return { inputMetadata, outputMetadata }
}

function graphOf(session: InferenceSession, path: string, device: DeviceName): Graph {
  const runs = new Set<Promise<unknown>>()
  let closed = false
  return {
    async run(inputs, outputs) {
      if (closed) throw new EngineError(`${path} was closed`, { code: 'closed', model: path })
      const feeds: Record<string, Tensor> = {}
      for (const [name, { type, data, dims }] of Object.entries(inputs)) feeds[name] = new Tensor(type, data, dims)
      const running = session.run(feeds, outputs)
      runs.add(running)
      try {
        return await valuesOf(await running)
      } catch (error) {
        if (error instanceof EngineError) throw error
        const message = `the model failed on ${device}: ${messageOf(error)}`
        throw new EngineError(message, { code: 'device', device }, { cause: error })
      } finally {
        runs.delete(running)
      }
    },
    async close() {
      if (closed) return
      closed = true
      await Promise.allSettled(runs)
      await session.release()
    },
  }
}

async function loaded(
  path: string,
  device: DeviceName,
  create: () => Promise<InferenceSession>,
): Promise<InferenceSession> {
  try {
    return await create()
  } catch (error) {
    const failure = { code: 'bad-model', path } as const
    const mend = `see whether the file is whole and fits on ${device}, or name another device first`
    throw new EngineError(`${path} does not load on ${device}: ${messageOf(error)}`, failure, { mend, cause: error })
  }
}

async function exposedGraph(path: string): Promise<ExposedGraph | undefined> {
  try {
    return exposeEntries(await readFile(path))
  } catch (error) {
    const failure = { code: 'bad-model', path } as const
    throw new EngineError(`${path} cannot be read: ${messageOf(error)}`, failure, { cause: error })
  }
}

async function valuesOf(outputs: InferenceSession.ReturnType): Promise<Record<string, FloatValue>> {
  const values: Record<string, FloatValue> = {}
  for (const [name, tensor] of Object.entries(outputs)) {
    const { type, dims } = tensor
    const data: unknown = await tensor.getData()
    if (type === 'float32' && data instanceof Float32Array) values[name] = { type, data, dims }
    else if (type === 'float16' && data instanceof Uint16Array) values[name] = { type, data, dims }
    else throw new EngineError(`the model gave ${name} in the unknown format ${type}`, { code: 'bad-output' })
  }
  return values
}
