import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { ValidatorStatus } from '../../src/validator/status.ts'
import type { Line } from '../unit/validator/scratch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `faculty validator run` as a process of its own. */
export interface Program {
  readonly child: ChildProcess
  readonly lines: Line[]
  /** Resolves with the first line that says so. @throws Error where the process ends before */
  line(message: string): Promise<Line>
  status(): Promise<ValidatorStatus>
  /** With -9. */
  kill(): Promise<void>
}

export interface ProgramOptions {
  readonly netuid: number
  readonly endpoint: string
  /** Of the wallet `first`, and of the database. */
  readonly folder: string
  readonly statusPort: number
  readonly flags?: Readonly<Record<string, string>>
}

export function startProgram({ netuid, endpoint, folder, statusPort, flags = {} }: ProgramOptions): Program {
  const all = {
    netuid: String(netuid),
    'subtensor.chain_endpoint': endpoint,
    'wallet.path': folder,
    'wallet.name': 'first',
    domains: join(root, 'test/e2e/sums'),
    db: join(folder, 'first.db'),
    'round.tasks': '2',
    'status.port': String(statusPort),
    ...flags,
  }
  const argv = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
  const main = join(root, 'src/cli/main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'validator', 'run', ...argv, '--logging.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  const waiting = new Map<string, (line: Line) => void>()
  let fail: (error: Error) => void = () => undefined
  createInterface(child.stderr!).on('line', (text) => {
    // What is no log line is Node's or the command's own complaint.
    const line = (text.startsWith('{') ? JSON.parse(text) : { level: 60, msg: text }) as Line
    lines.push(line)
    for (const [message, resolve] of waiting) if (line.msg.includes(message)) resolve(line)
  })
  child.on('exit', (code, signal) =>
    fail(new Error(`it ended with ${code ?? signal}: ${lines.map(({ msg }) => msg).join('; ')}`)),
  )
  return {
    child,
    lines,
    async status() {
      return (await (await fetch(`http://127.0.0.1:${statusPort}/status`)).json()) as ValidatorStatus
    },
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    line: (message) =>
      new Promise<Line>((resolve, reject) => {
        const said = lines.find(({ msg }) => msg.includes(message))
        if (said !== undefined) resolve(said)
        waiting.set(message, resolve)
        fail = reject
      }),
  }
}
