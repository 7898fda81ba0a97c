import { basename } from 'node:path'
import type { DeviceName } from './deviceNames.ts'
import type { Engine, GenerateRequest } from './engine.ts'
import { generate } from './generate.ts'
import { graphFor } from './graphFor.ts'
import { checkMemory, estimateMemory, freeFor } from './memoryEstimate.ts'
import type { ModelFolder } from './modelFolder.ts'
import { openOnnxDecoder } from './onnx.ts'

/** A model on one device: an engine without a name. */
export interface Session extends Pick<Engine, 'generate' | 'close'> {
  /** What was loaded where, for people. */
  readonly lines: readonly string[]
}

export interface SessionOptions {
  readonly device: DeviceName
  /** Full answers at a time for which there must be memory. */
  readonly sequences: number
}

const warmUp: GenerateRequest = { messages: [{ role: 'user', content: 'a' }], maxTokens: 1, temperature: 0 }

/**
 * Loads a model on one device where it fits and runs it once: the first run allocates, and on a GPU compiles.
 *
 * @throws EngineError `no-memory`, `bad-model`, `device`
 */
export async function openSession(model: ModelFolder, { device, sequences }: SessionOptions): Promise<Session> {
  const graph = await graphFor(model.graph, device)
  const room = checkMemory(await estimateMemory(model, graph), { device, sequences }, await freeFor(device))
  const decoder = await openOnnxDecoder({ ...model, graph }, device)
  const { tokenizer, prompt } = model
  const session = {
    generate: (request: GenerateRequest, signal?: AbortSignal) =>
      generate({ decoder, tokenizer, prompt }, request, signal),
    close: () => decoder.close(),
  }
  try {
    const startMs = performance.now()
    for await (const _event of session.generate(warmUp));
    const tookMs = Math.round(performance.now() - startMs)
    return { ...session, lines: [`${room}, ${basename(graph)} warm after ${tookMs} ms`] }
  } catch (error) {
    await decoder.close()
    throw error
  }
}
