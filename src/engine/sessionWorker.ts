import { parentPort, workerData } from 'node:worker_threads'
import { readModelFolder } from './modelFolder.ts'
import { openSession, type Session } from './openSession.ts'
import { errorToSend, type FromSession, type SessionTask, type ToSession } from './sessionMessage.ts'

/* The program of a session's own thread: see `threadSession.ts`. */

const port = parentPort!
const task = workerData as SessionTask
/** How old the numbers may be that the main thread has. */
const statsEveryMs = 200
const cancels = new Map<number, AbortController>()

const say = (message: FromSession): void => port.postMessage(message)

async function run(
  session: Session,
  { id, request, priority }: Extract<ToSession, { type: 'generate' }>,
): Promise<void> {
  const cancel = new AbortController()
  cancels.set(id, cancel)
  try {
    for await (const event of session.generate(request, cancel.signal, priority)) say({ type: 'event', id, event })
    say({ type: 'end', id })
  } catch (error) {
    say({ type: 'end', id, error: errorToSend(error) })
  } finally {
    cancels.delete(id)
  }
}

try {
  const session = await openSession(await readModelFolder(task.folder, task.dtype), task)
  let told = ''
  const telling = setInterval(() => {
    const stats = session.stats()
    const text = JSON.stringify(stats)
    if (text !== told) say({ type: 'stats', stats })
    told = text
  }, statsEveryMs)
  port.on('message', (message: ToSession) => {
    if (message.type === 'generate') void run(session, message)
    else if (message.type === 'cancel') cancels.get(message.id)?.abort()
    else {
      clearInterval(telling)
      // Without a port to listen to, the thread ends by itself.
      void session.close().then(() => port.close())
    }
  })
  say({ type: 'opened', lines: session.lines })
} catch (error) {
  say({ type: 'not-opened', error: errorToSend(error) })
  port.close()
}
