import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { messageOf } from '../base/errors.ts'
import type { Decoder, DecoderSequence } from './decoder.ts'
import { type DecoderLayout, decoderLayout, emptyCache, type Value } from './decoderLayout.ts'
import { type DeviceName, deviceNumber, providerOf } from './deviceNames.ts'
import { EngineError } from './engineError.ts'
import { lastLogits } from './lastLogits.ts'
import type { ModelFolder } from './modelFolder.ts'

/*
 * The only module that touches onnxruntime. Its `run` computes on the thread that calls it and yields to the event loop
 * before each call, so sequences that are fed side by side take turns token by token.
 */

// It prints errors past every log setting although it throws them too.
env.logLevel = 'fatal'

/** A decoder in memory. */
export interface OnnxDecoder extends Decoder {
  /** Frees it. Sequences fail with `closed` from then on. */
  close(): Promise<void>
}

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

/** Longest stretch of a prompt in one run: bounds the memory of its logits and how long one prompt holds up the others. */
const prefillTokens = 256

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

/**
 * Opens the graph of a model folder.
 *
 * @throws EngineError `bad-model` where it does not load or is not a decoder with a key-value cache
 */
export async function openOnnxDecoder(model: ModelFolder, device: DeviceName): Promise<OnnxDecoder> {
  const session = await createSession(model.graph, device)
  let layout: DecoderLayout
  try {
    layout = decoderLayout(session, model.graph)
  } catch (error) {
    await session.release()
    throw error
  }
  const runs = new Set<Promise<unknown>>()
  let closed = false
  const run = async (feeds: Record<string, Tensor>): Promise<InferenceSession.ReturnType> => {
    if (closed) throw new EngineError(`${model.path} was closed`, { code: 'closed', model: model.path })
    const running = session.run(feeds)
    runs.add(running)
    try {
      return await running
    } catch (error) {
      const message = `the model failed on ${device}: ${messageOf(error)}`
      throw new EngineError(message, { code: 'device', device }, { cause: error })
    } finally {
      runs.delete(running)
    }
  }
  return {
    contextTokens: model.contextTokens,
    endIds: model.endIds,
    start: () => startSequence(layout, run),
    async close() {
      if (closed) return
      closed = true
      await Promise.allSettled(runs)
      await session.release()
    },
  }
}

async function createSession(graph: string, device: DeviceName): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(graph, sessionOptions(device))
  } catch (error) {
    const failure = { code: 'bad-model', path: graph } as const
    const mend = `see whether the file is whole and fits on ${device}, or name another device first`
    throw new EngineError(`${graph} does not load on ${device}: ${messageOf(error)}`, failure, { mend, cause: error })
  }
}

type Run = (feeds: Record<string, Tensor>) => Promise<InferenceSession.ReturnType>

function startSequence(layout: DecoderLayout, run: Run): DecoderSequence {
  let cache: Record<string, Tensor> = {}
  for (const past of layout.cache) cache[past.input] = tensorOf(emptyCache(past))
  let length = 0
  let closed = false

  const step = async (ids: readonly number[]): Promise<Float32Array> => {
    if (closed) throw new Error('the sequence is closed')
    const feeds: Record<string, Tensor> = { ...cache }
    for (const input of layout.inputs) feeds[input.name] = tensorOf(input.value({ ids, past: length }))
    const outputs = await run(feeds)
    const next: Record<string, Tensor> = {}
    for (const { input, output } of layout.cache) next[input] = outputs[output]!
    for (const tensor of Object.values(cache)) tensor.dispose()
    // Closed while the run was on: nobody will use what it left.
    if (closed) for (const tensor of Object.values(next)) tensor.dispose()
    else cache = next
    length += ids.length
    const logits = outputs[layout.logits]!
    return lastLogits(await logits.getData(), logits.dims)
  }

  return {
    async feed(ids) {
      let logits: Float32Array | undefined
      for (let start = 0; start < ids.length; start += prefillTokens) {
        logits = await step(ids.slice(start, start + prefillTokens))
      }
      if (logits === undefined) throw new RangeError('feed: give at least one token')
      return logits
    },
    close() {
      if (closed) return
      closed = true
      for (const tensor of Object.values(cache)) tensor.dispose()
      cache = {}
    },
  }
}

function tensorOf({ type, data, dims }: Value): Tensor {
  return new Tensor(type, data, dims)
}
