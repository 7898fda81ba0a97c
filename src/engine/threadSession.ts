import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { messageOf } from '../base/errors.ts'
import { tsxApi } from '../base/tsxApi.ts'
import type { EngineEvent, GenerateRequest } from './engine.ts'
import { abortError, EngineError } from './engineError.ts'
import { noStats } from './engineStats.ts'
import type { Session } from './openSession.ts'
import { errorSent, type FromSession, type SessionTask, type ToSession } from './sessionMessage.ts'

/**
 * A session in a thread of its own: onnxruntime computes on the thread that calls it, so that sessions of one thread would
 * only take turns.
 *
 * @throws what `readModelFolder` and `openSession` throw
 */
export async function openThreadSession(task: SessionTask): Promise<Session> {
  const worker = startWorker(task)
  /** Hears what the thread says of each generation. */
  const listeners = new Map<number, (message: Extract<FromSession, { id: number }> | 'gone') => void>()
  let ended = false
  let stats = noStats
  let failure: Error | undefined
  const closed = (): EngineError =>
    new EngineError(
      `the session on ${task.device} has ended`,
      { code: 'closed', model: task.folder },
      { cause: failure },
    )
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      ended = true
      for (const hear of listeners.values()) hear('gone')
      resolve()
    })
  })
  const lines = await new Promise<readonly string[]>((resolve, reject) => {
    worker.on('error', (error) => {
      failure = error
    })
    worker.on('message', (message: FromSession) => {
      if (message.type === 'opened') resolve(message.lines)
      else if (message.type === 'stats') stats = message.stats
      else if (message.type === 'not-opened') reject(errorSent(message.error))
      else listeners.get(message.id)?.(message)
    })
    worker.on('exit', () => {
      const message = `the thread for ${task.device} ended while it loaded: ${messageOf(failure)}`
      reject(new EngineError(message, { code: 'device', device: task.device }, { cause: failure }))
    })
  })
  const say = (message: ToSession): void => worker.postMessage(message)
  let lastId = 0

  async function* generate(
    request: GenerateRequest,
    signal?: AbortSignal,
    priority?: number,
  ): AsyncGenerator<EngineEvent, void> {
    if (signal?.aborted === true) throw abortError(signal)
    if (ended) throw closed()
    const id = ++lastId
    const heard: (Extract<FromSession, { id: number }> | 'gone')[] = []
    let wake = (): void => undefined
    let isOver = false
    let isCancelled = false
    const cancel = (): void => {
      isCancelled = true
      say({ type: 'cancel', id })
      wake()
    }
    listeners.set(id, (message) => {
      heard.push(message)
      wake()
    })
    signal?.addEventListener('abort', cancel)
    say({ type: 'generate', id, request, priority })
    try {
      while (!isOver) {
        const message = heard.shift()
        if (isCancelled) throw abortError(signal!)
        if (message === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        } else if (message === 'gone') {
          isOver = true
          throw closed()
        } else if (message.type === 'end') {
          isOver = true
          if (message.error !== undefined) throw errorSent(message.error)
        } else yield message.event
      }
    } finally {
      signal?.removeEventListener('abort', cancel)
      listeners.delete(id)
      if (!isOver) say({ type: 'cancel', id })
    }
  }

  return {
    lines,
    generate,
    stats: () => stats,
    close: async () => {
      say({ type: 'close' })
      await exited
    },
  }
}

function startWorker(workerData: SessionTask): Worker {
  const here = fileURLToPath(import.meta.url)
  const file = new URL(`./sessionWorker${extname(here)}`, import.meta.url)
  if (extname(here) === '.js') return new Worker(file, { workerData })
  // From source the thread needs what translates it: its own, whatever this thread runs under.
  const program = `import { register } from '${tsxApi(here)}'
register()
await import(${JSON.stringify(file.href)})`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData, execArgv: [] })
}
