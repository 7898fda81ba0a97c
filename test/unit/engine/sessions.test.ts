import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import { EngineError } from '../../../src/engine/engineError.ts'
import { noStats } from '../../../src/engine/engineStats.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import type { Session } from '../../../src/engine/openSession.ts'
import { sessionPool } from '../../../src/engine/sessionPool.ts'
import { tinyModelFolder } from './tinyModel.ts'

const request: GenerateRequest = { messages: [{ role: 'user', content: 'Q' }], maxTokens: 20, temperature: 0 }
const done: EngineEvent = {
  type: 'done',
  reason: 'stop',
  promptTokens: 1,
  completionTokens: 1,
  traceHash: '0'.repeat(64),
}

async function collect(events: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const all: EngineEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

/** A session that ends its answers when it is told to. */
function held(name: string): Session & { asked: number; waiting: (() => void)[]; die: boolean } {
  const session = {
    lines: [name],
    asked: 0,
    waiting: [] as (() => void)[],
    die: false,
    async *generate(): AsyncGenerator<EngineEvent, void> {
      session.asked++
      if (session.die) throw new EngineError('gone', { code: 'closed', model: name })
      await new Promise<void>((resolve) => session.waiting.push(resolve))
      yield done
    },
    stats: () => noStats,
    close: async () => undefined,
  }
  return session
}

const ticks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a pool of sessions', () => {
  it('gives each request to the one with the fewest', async () => {
    const sessions = [held('a'), held('b'), held('c')]
    const pool = sessionPool(sessions)
    const first = Array.from({ length: 7 }, () => collect(pool.generate(request)))
    await ticks()
    expect(sessions.map(({ asked }) => asked)).toEqual([3, 2, 2])
    for (const free of sessions[1]!.waiting.splice(0)) free()
    await ticks()
    const second = [collect(pool.generate(request)), collect(pool.generate(request))]
    await ticks()
    expect(sessions.map(({ asked }) => asked)).toEqual([3, 4, 2])
    for (const session of sessions) for (const free of session.waiting) free()
    expect((await Promise.all([...first, ...second])).length).toBe(9)
  })

  it('leaves out one that has ended, and loses no request with it', async () => {
    const [dead, living] = [held('dead'), held('living')]
    dead.die = true
    const pool = sessionPool([dead, living])
    const answers = [collect(pool.generate(request)), collect(pool.generate(request))]
    await ticks()
    expect([dead.asked, living.waiting.length]).toEqual([1, 2])
    for (const free of living.waiting) free()
    expect(await Promise.all(answers)).toEqual([[done], [done]])
    living.die = true
    await expect(collect(pool.generate(request))).rejects.toMatchObject({ failure: { code: 'closed' } })
  })

  it('frees the place of a caller who leaves', async () => {
    const sessions = [held('a'), held('b')]
    const pool = sessionPool(sessions)
    const answers = [0, 1].map(async () => {
      for await (const _event of pool.generate(request)) break
    })
    await ticks()
    for (const session of sessions) for (const free of session.waiting.splice(0)) free()
    await Promise.all(answers)
    for (const session of sessions) session.asked = 0
    const more = [collect(pool.generate(request)), collect(pool.generate(request))]
    await ticks()
    expect(sessions.map(({ asked }) => asked)).toEqual([1, 1])
    for (const session of sessions) for (const free of session.waiting) free()
    await Promise.all(more)
  })
})

describe('two sessions on the CPU, each in its thread', () => {
  let engine: Engine
  let alone: Engine
  let remove: () => Promise<void>
  const lines: string[] = []
  beforeAll(async () => {
    const made = await tinyModelFolder({ kind: 'history', contextTokens: 400 })
    remove = made.remove
    alone = await openEngine({ folder: made.folder })
    engine = await openEngine({ folder: made.folder, devices: ['cpu', 'cpu'], onDevice: (line) => lines.push(line) })
  })
  afterAll(async () => {
    await Promise.all([engine.close(), alone.close()])
    await remove()
  })
  const cancels: AbortController[] = []
  afterEach(() => {
    for (const cancel of cancels.splice(0)) cancel.abort()
  })

  it('answer as one alone does, token by token', async () => {
    expect(engine.model).toEqual({ ...alone.model, device: 'cpu,cpu' })
    expect(lines.filter((line) => line.includes('warm after')).length).toBe(2)
    const requests = Array.from({ length: 6 }, (_, i) => ({
      ...request,
      messages: [{ role: 'user' as const, content: `question ${i}` }],
    }))
    const wanted = await Promise.all(requests.map((one) => collect(alone.generate(one))))
    const got = await Promise.all(requests.map((one) => collect(engine.generate(one))))
    expect(got).toEqual(wanted)
  })

  it('fail with the same errors', async () => {
    const failing = collect(engine.generate({ ...request, maxTokens: 0 }))
    await expect(failing).rejects.toBeInstanceOf(EngineError)
    await expect(failing).rejects.toMatchObject({ failure: { code: 'bad-request', field: 'maxTokens', value: 0 } })
  })

  it('stop where the caller does', async () => {
    const cancel = new AbortController()
    cancels.push(cancel)
    const failing = (async () => {
      for await (const _event of engine.generate({ ...request, maxTokens: 300 }, cancel.signal)) cancel.abort()
    })()
    await expect(failing).rejects.toMatchObject({ name: 'AbortError' })
    for await (const _event of engine.generate({ ...request, maxTokens: 300 })) break
    expect((await collect(engine.generate(request))).at(-1)!.type).toBe('done')
  })

  it('tell what is wrong with a folder', async () => {
    const made = await tinyModelFolder({ kind: 'script', graphName: 'model.onnx', script: ['a'], endIds: [0] })
    const { writeFile } = await import('node:fs/promises')
    await writeFile(`${made.folder}/onnx/model.onnx`, 'no graph')
    const failing = openEngine({ folder: made.folder, devices: ['cpu', 'cpu'] })
    await expect(failing).rejects.toMatchObject({ failure: { code: 'bad-model' } })
    await made.remove()
  })

  it('are gone after close, and what runs ends then', async () => {
    const made = await tinyModelFolder({ kind: 'history', contextTokens: 4096 })
    const long = await openEngine({ folder: made.folder, devices: ['cpu', 'cpu'] })
    let closing: Promise<void> | undefined
    const failing = (async () => {
      for await (const _event of long.generate({ ...request, maxTokens: 4_000 })) closing ??= long.close()
    })()
    await expect(failing).rejects.toMatchObject({ failure: { code: 'closed' } })
    await closing
    await expect(collect(long.generate(request))).rejects.toMatchObject({ failure: { code: 'closed' } })
    await made.remove()
  })
})
