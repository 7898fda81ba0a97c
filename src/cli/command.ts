import type { Resolved, Settings } from '../base/config.ts'

/** What a command may touch of the process. */
export interface CommandIo {
  /** One line (or block) to standard output. */
  print(text: string): void
  /** A line for people on standard error; `--json` output stays clean. */
  note(text: string): void
  readonly isTerminal: boolean
  /** Fires on Ctrl-C and SIGTERM. Long-running commands stop cleanly and return. */
  readonly stop: AbortSignal
}

export interface Command<S extends Settings = Settings> {
  readonly summary: string
  /** Positional arguments as the usage line shows them, e.g. `QUESTION`. */
  readonly usage?: string
  readonly settings: S
  /** Exit code; nothing means 0. */
  readonly run: (resolved: Resolved<S>, io: CommandIo) => Promise<number | undefined>
}

// Commands with different settings stand in one table; the cast is sound because `main` resolves exactly these settings.
export function defineCommand<S extends Settings>(command: Command<S>): Command {
  return command as unknown as Command
}
