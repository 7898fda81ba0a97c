import { basename, dirname, resolve } from 'node:path'
import type { DeviceName } from './deviceNames.ts'
import { chooseDevices } from './devices.ts'
import type { Engine } from './engine.ts'
import { modelFingerprint } from './modelFingerprint.ts'
import { readModelFolder } from './modelFolder.ts'
import { openSession, type Session } from './openSession.ts'
import { sessionPool } from './sessionPool.ts'
import { openThreadSession } from './threadSession.ts'

export interface OpenEngineOptions {
  /** A decoder in the Hugging Face layout. */
  readonly folder: string
  /** For people. Default: the folder's last two names, e.g. `law/expert`. */
  readonly name?: string
  /** In the order in which they are tried: see `parseDevices`. Default: the CPU alone. */
  readonly devices?: readonly DeviceName[]
  /** Full answers at a time for which each session must have memory. Default: one. */
  readonly sequences?: number
  /** Hears which devices were chosen, why each earlier one was not, and what each took. */
  readonly onDevice?: (line: string) => void
}

/**
 * Opens a local model: in this thread, or on several devices in a thread each.
 *
 * @throws EngineError `bad-model`, `no-device`, `no-memory`; InputError where a file of the folder cannot be used
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const { folder, devices = ['cpu'], sequences = 1, onDevice = () => undefined } = options
  // First what needs no device: a wrong path is the commonest mistake.
  const [model, fingerprint] = await Promise.all([readModelFolder(folder), modelFingerprint(folder)])
  const { devices: chosen, lines } = await chooseDevices(devices)
  for (const line of lines) onDevice(line)
  const [first] = chosen
  const session =
    chosen.length === 1
      ? await openSession(model, { device: first!, sequences })
      : await openSessions(folder, chosen, sequences)
  for (const line of session.lines) onDevice(line)
  return {
    model: {
      name: options.name ?? nameOf(folder),
      fingerprint,
      contextTokens: model.contextTokens,
      device: chosen.join(','),
    },
    generate: (request, signal) => session.generate(request, signal),
    close: () => session.close(),
  }
}

/** One after the other, so that each sees in the free memory what those before it took. */
async function openSessions(folder: string, devices: readonly DeviceName[], sequences: number): Promise<Session> {
  const sessions: Session[] = []
  try {
    for (const device of devices) sessions.push(await openThreadSession({ folder, device, sequences }))
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
