import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'

export interface ProcessSpec {
  readonly name: string
  /** What stands behind `faculty`. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** `restart` (default): started again when it ends. `essential`: its end is reported through `onEssentialEnd`. */
  readonly onEnd?: 'restart' | 'essential'
}

export interface Running {
  readonly name: string
  readonly pid: number | undefined
  readonly restarts: number
}

export interface SupervisorOptions {
  /** Where each process's output goes: `<folder>/<name>.log`. */
  readonly logFolder: string
  /** A line for people. */
  readonly note: (text: string) => void
  readonly onEssentialEnd: (name: string, how: string) => void
}

const firstPauseMs = 500
/** The issue of a local run is to go on: nothing stays down for longer than this. */
const longestPauseMs = 4_000
const steadyMs = 30_000
/** From SIGTERM to SIGKILL. */
const graceMs = 6_000
/** Lines of a dead process's log that are shown. */
const shownLines = 3

/**
 * Starts programs of this package as processes, restarts those that die, and stops them all. Each gets a pipe as standard
 * input; that pipe's end tells it that its supervisor is gone, so that nothing outlives a killed one.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #entries = new Map<string, Entry>()
  #isStopping = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    mkdirSync(options.logFolder, { recursive: true })
  }

  start(spec: ProcessSpec): void {
    const entry: Entry = { spec, child: undefined, restarts: 0, failures: 0, timer: undefined, tail: [] }
    this.#entries.set(spec.name, entry)
    this.#spawn(entry)
  }

  get running(): readonly Running[] {
    return [...this.#entries.values()].map(({ spec, child, restarts }) => ({
      name: spec.name,
      pid: child?.pid,
      restarts,
    }))
  }

  get pids(): readonly number[] {
    return this.running.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  /** Ends all processes, or all but some: SIGTERM, then SIGKILL to what does not end in time. Nothing is restarted any more. */
  async stop(except: readonly string[] = []): Promise<void> {
    this.#isStopping = true
    const entries = [...this.#entries.values()]
    for (const { timer } of entries) clearTimeout(timer)
    await Promise.all(entries.filter(({ spec }) => !except.includes(spec.name)).map(endProcess))
  }

  #spawn(entry: Entry): void {
    const { spec } = entry
    const { logFolder } = this.#options
    const startedMs = performance.now()
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...spec.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C in the terminal is for the supervisor alone, which then ends the others in order.
      detached: true,
      env: { ...process.env, ...spec.env, FACULTY_SUPERVISED: '1' },
    })
    entry.child = child
    const log = createWriteStream(join(logFolder, `${spec.name}.log`), { flags: 'a' })
    log.on('error', (error) => this.#options.note(`${spec.name}: its log cannot be written: ${error.message}`))
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log, { end: false })
      stream.on('data', (data: Buffer) => {
        entry.tail = [...entry.tail, ...data.toString('utf8').split('\n')]
          .filter((line) => line !== '')
          .slice(-shownLines)
      })
    }
    // A child that dies before it reads leaves a broken pipe; its end is reported below.
    child.stdin.on('error', () => undefined)
    child.once('error', (error) => this.#ended(entry, error.message, startedMs))
    child.once('close', (code, signal) => {
      log.end()
      this.#ended(entry, signal === null ? `exit code ${code}` : signal, startedMs)
    })
  }

  #ended(entry: Entry, how: string, startedMs: number): void {
    if (entry.child === undefined) return
    entry.child = undefined
    if (this.#isStopping) return
    const { spec, tail } = entry
    if (spec.onEnd === 'essential') {
      this.#options.onEssentialEnd(spec.name, `${how}${tail.length === 0 ? '' : `: ${tail.join(' | ')}`}`)
      return
    }
    entry.failures = performance.now() - startedMs > steadyMs ? 0 : entry.failures + 1
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, entry.failures - 1))
    const why = tail.at(-1)
    this.#options.note(
      `${spec.name} ended (${how})${why === undefined ? '' : `: ${why}`}; starting it again in ${pauseMs} ms`,
    )
    entry.timer = setTimeout(() => {
      entry.restarts++
      this.#spawn(entry)
    }, pauseMs)
  }
}

interface Entry {
  readonly spec: ProcessSpec
  child: ChildProcess | undefined
  restarts: number
  /** Quick deaths in a row. */
  failures: number
  timer: NodeJS.Timeout | undefined
  tail: string[]
}

function endProcess({ child }: Entry): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs)
    child.once('close', () => {
      clearTimeout(kill)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
