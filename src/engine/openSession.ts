import { basename } from 'node:path'
import { type BatcherLimits, startBatcher } from './batcher.ts'
import { probeBatching } from './batchProbe.ts'
import type { DecoderLayout } from './decoderLayout.ts'
import type { DeviceName } from './deviceNames.ts'
import type { Engine, EngineStats } from './engine.ts'
import { generate } from './generate.ts'
import { graphFor } from './graphFor.ts'
import { checkMemory, estimateMemory, freeFor, type MemoryEstimate } from './memoryEstimate.ts'
import type { ModelFolder } from './modelFolder.ts'
import { openOnnxDecoder } from './onnx.ts'

/** A model on one device: an engine without a name. */
export interface Session extends Pick<Engine, 'generate' | 'close'> {
  /** What was loaded where, for people. */
  readonly lines: readonly string[]
  stats(): EngineStats
}

export interface SessionOptions {
  readonly device: DeviceName
  readonly limits?: Partial<BatcherLimits> | undefined
}

/**
 * Loads a model on one device where it fits and tries how it can be batched. That warms it up too: the first runs
 * allocate, and on a GPU compile.
 *
 * @throws EngineError `no-memory`, `bad-model`, `device`
 */
export async function openSession(model: ModelFolder, { device, limits }: SessionOptions): Promise<Session> {
  const path = await graphFor(model.graph, device)
  const [estimate, free] = [await estimateMemory(model, path), await freeFor(device)]
  // One full answer must fit; how many more run beside it, the batch decides by what memory is left.
  const room = checkMemory(estimate, { device, sequences: 1 }, free)
  const startMs = performance.now()
  const { graph, layout } = await openOnnxDecoder(path, device)
  try {
    const { batching, line } = await probeBatching(graph, layout)
    const tookMs = Math.round(performance.now() - startMs)
    const { tokenizer, prompt, contextTokens, endIds } = model
    const limit = { maxCacheTokens: cacheTokens(layout, estimate, free), ...limits }
    const decoder = startBatcher({ graph, layout, batching, name: model.path, contextTokens, endIds, limits: limit })
    const answering = { decoder, tokenizer, prompt, ...(model.limits !== undefined && { limits: model.limits }) }
    return {
      lines: [`${room}, ${basename(path)} warm after ${tookMs} ms`, line],
      generate: (request, signal, priority) => generate(answering, request, { signal, priority }),
      stats: () => decoder.stats(),
      close: () => decoder.close(),
    }
  } catch (error) {
    await graph.close()
    throw error
  }
}

/** Tokens for whose caches there is memory beside the weights; a step holds each cache twice, before it and after. */
function cacheTokens(
  { cache }: DecoderLayout,
  { weightBytes }: MemoryEstimate,
  { deviceBytes, mainBytes }: { readonly deviceBytes: number | undefined; readonly mainBytes: number },
): number {
  const tokenBytes = cache.reduce(
    (sum, { heads, headSize, type }) => sum + heads * headSize * (type === 'float16' ? 2 : 4),
    0,
  )
  const freeBytes = Math.min(deviceBytes ?? mainBytes, mainBytes) - weightBytes
  return Math.floor(freeBytes / 2 / tokenBytes)
}
