import type { Engine } from '../../engine/engine.ts'
import type { OpenEngineOptions } from '../../engine/openEngine.ts'

/** Opens a model for as long as the work takes. */
export async function withEngine<T>(options: OpenEngineOptions, work: (engine: Engine) => Promise<T>): Promise<T> {
  // It loads onnxruntime, which the list of commands does not need.
  const { openEngine } = await import('../../engine/openEngine.ts')
  const engine = await openEngine(options)
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}
