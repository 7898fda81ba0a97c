import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { MainJobReport } from '../mainJob.mjs'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

export interface UpRun {
  readonly process: ChildProcess
  /** What people would see so far. */
  readonly lines: () => string
  /** Ends with the report; rejects where the program fails. */
  readonly report: Promise<MainJobReport>
  /** Pid of a process of the run by what its command line holds, e.g. `law/expert` or `--idle`. */
  readonly pidOf: (part: string) => number | undefined
}

/** The built program, as a user starts it, on free ports. */
export function runUp(args: readonly string[]): UpRun {
  const ports = ['--port', '0', '--gateway.port', '0', '--axon.port', '0']
  const child = spawn(process.execPath, [main, 'up', '--json', ...ports, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let noted = ''
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    noted += data.toString()
  })
  const report = new Promise<MainJobReport>((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(out.trimEnd().split('\n').at(-1)!) as MainJobReport)
      else reject(new Error(`faculty up ended with ${code}:\n${noted}`))
    })
  })
  // A test that fails half-way must not leave a whole subnet running.
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await report.catch(() => undefined)
  })
  return { process: child, lines: () => noted, report, pidOf: (part) => pidOf(child.pid!, part) }
}

function pidOf(parent: number, part: string): number | undefined {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const rows = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
  const row = rows.find((match) => match !== null && Number(match[2]) === parent && match[3]!.includes(part))
  return row === undefined || row === null ? undefined : Number(row[1])
}
