import type { Resolved, Settings } from '../base/config.ts'
import type { Terminal } from '../wallet/terminal.ts'

/** Commands by the words that call them. */
export type CommandTable = Readonly<Record<string, () => Promise<{ command: Command }>>>

/** What a command may touch of the process. */
export interface CommandIo {
  /** One line (or block) to standard output. */
  print(text: string): void
  /** A line for people on standard error; `--json` output stays clean. */
  note(text: string): void
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean
  /** Where a person can be asked; absent on a pipe. */
  readonly terminal?: Terminal | undefined
  /** Standard input where it is a pipe or a file. */
  readonly input?: NodeJS.ReadableStream | undefined
  /** All commands, for one that speaks of others. */
  readonly commands?: CommandTable
  /** The file of `--config`, and the settings as they come out with what stands in it now; absent without one. */
  readonly config?: { readonly path: string; readonly reread: () => Resolved<Settings> }
  /** Fires on Ctrl-C and SIGTERM. Long-running commands stop cleanly and return. */
  readonly stop: AbortSignal
}

export interface Command<S extends Settings = Settings> {
  readonly summary: string
  /** Positional arguments as the usage line shows them, e.g. `QUESTION`; without it the command takes none. */
  readonly usage?: string
  readonly settings: S
  /** Settings that depend on the words behind the command's own: those of the command that they name. */
  readonly settingsFor?: (words: readonly string[], commands: CommandTable) => Promise<Settings>
  /** Exit code; nothing means 0. */
  readonly run: (resolved: Resolved<S>, io: CommandIo) => Promise<number | undefined>
}

// Commands with different settings stand in one table; the cast is sound because `main` resolves exactly these settings.
export function defineCommand<S extends Settings>(command: Command<S>): Command {
  return command as unknown as Command
}
