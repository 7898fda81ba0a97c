import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'

/** Structured log lines: `log.info({ uid: 3, ms: 12 }, 'answered')`. */
export type Log = Logger

export interface LogOptions {
  /** The program, e.g. `miner`. */
  readonly name: string
  readonly debug?: boolean
  readonly trace?: boolean
  /** JSON objects a line instead of text for people. */
  readonly json?: boolean
  /** Colours, where the lines are for people. */
  readonly isTerminal?: boolean
}

/** A logger on standard error, so that standard output stays what the command prints. */
export function makeLog({ name, debug = false, trace = false, json = false, isTerminal = false }: LogOptions): Log {
  const level = trace ? 'trace' : debug ? 'debug' : 'info'
  const options = { name, level, base: { name } }
  if (json) return pino(options, pino.destination({ fd: 2, sync: true }))
  // In this thread, so that the last lines before an exit are not lost.
  const stream = pretty({
    destination: 2,
    sync: true,
    colorize: isTerminal,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  })
  return pino(options, stream)
}
