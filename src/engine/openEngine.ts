import { basename, dirname, resolve } from 'node:path'
import type { BatcherLimits } from './batcher.ts'
import type { DeviceName } from './deviceNames.ts'
import { chooseDevices } from './devices.ts'
import type { Dtype } from './dtypes.ts'
import type { Engine } from './engine.ts'
import { withinLimits } from './limits.ts'
import { estimateMemory } from './memoryEstimate.ts'
import { modelFingerprint } from './modelFingerprint.ts'
import { readModelFolder } from './modelFolder.ts'
import { openSession, type Session } from './openSession.ts'
import type { SessionTask } from './sessionMessage.ts'
import { sessionPool } from './sessionPool.ts'
import { openThreadSession } from './threadSession.ts'

export interface OpenEngineOptions {
  /** A decoder in the Hugging Face layout. */
  readonly folder: string
  /** For people. Default: the folder's last two names, e.g. `law/expert`. */
  readonly name?: string
  /** Of the graph to take where the folder holds several. Default: fp32, or else the only one. */
  readonly dtype?: Dtype | undefined
  /** In the order in which they are tried: see `parseDevices`. Default: the CPU alone. */
  readonly devices?: readonly DeviceName[]
  /** Of each session. */
  readonly limits?: Partial<BatcherLimits>
  /** Hears which devices were chosen, why each earlier one was not, what each took and how the model can be batched. */
  readonly onDevice?: (line: string) => void
}

/** A run of a larger model holds up its thread, and with it all sockets, for longer than a socket should wait. */
const mostBytesInThisThread = 32e6

/**
 * Opens a local model: in this thread where it is small, else on each device in a thread of its own.
 *
 * @throws EngineError `bad-model`, `no-device`, `no-memory`; InputError where a file of the folder cannot be used
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const { folder, dtype, devices = ['cpu'], limits, onDevice = () => undefined } = options
  // First what needs no device: a wrong path is the commonest mistake.
  const [model, fingerprint] = await Promise.all([readModelFolder(folder, dtype), modelFingerprint(folder)])
  const { weightBytes } = await estimateMemory(model, model.graph)
  const { devices: chosen, lines } = await chooseDevices(devices)
  for (const line of lines) onDevice(line)
  const tasks = chosen.map((device): SessionTask => ({ folder, dtype, device, limits }))
  const [first, ...others] = tasks
  const session =
    others.length === 0 && weightBytes <= mostBytesInThisThread
      ? await openSession(model, first!)
      : await openSessions(tasks)
  for (const line of session.lines) onDevice(line)
  const generate: Engine['generate'] = (request, signal, priority) => session.generate(request, signal, priority)
  return {
    model: {
      name: options.name ?? nameOf(folder),
      fingerprint,
      contextTokens: model.contextTokens,
      device: chosen.join(','),
    },
    stats: () => session.stats(),
    generate: model.limits === undefined ? generate : withinLimits(model.limits, model, generate),
    close: () => session.close(),
  }
}

/** One after the other, so that each sees in the free memory what those before it took. */
async function openSessions(tasks: readonly SessionTask[]): Promise<Session> {
  const sessions: Session[] = []
  try {
    for (const task of tasks) sessions.push(await openThreadSession(task))
  } catch (error) {
    await Promise.all(sessions.map((session) => session.close()))
    throw error
  }
  return sessionPool(sessions)
}

function nameOf(folder: string): string {
  const path = resolve(folder)
  return `${basename(dirname(path))}/${basename(path)}`
}
