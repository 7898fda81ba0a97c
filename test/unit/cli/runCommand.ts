import { PassThrough, Readable } from 'node:stream'
import { resolveSettings, type Settings } from '../../../src/base/config.ts'
import type { Command, CommandIo } from '../../../src/cli/command.ts'
import { commands } from '../../../src/cli/commands.ts'
import type { Terminal } from '../../../src/wallet/terminal.ts'

export interface Ran {
  readonly code: number
  /** What went to standard output and to standard error. */
  readonly out: string
  readonly notes: string
  /** Standard output as the one object that `--json` promises. */
  json(): Record<string, unknown>
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Standard input, where it is a pipe. */
  readonly input?: string
  readonly terminal?: Terminal
  /** Hears each print, also of a command that fails later. */
  readonly print?: (text: string) => void
}

/** Runs a command in this process as the command line would: `run('wallet create', ['--no-password'])`. */
export async function run(path: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { command } = (await commands[path]!()) as { command: Command }
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith('-')) >>> 0)
  const settings: Settings = { ...(await command.settingsFor?.(words, commands)), ...command.settings }
  let [out, notes] = ['', '']
  const io: CommandIo = {
    print: (text) => {
      out += `${text}\n`
      options.print?.(text)
    },
    note: (text) => {
      notes += `${text}\n`
    },
    isTerminal: options.terminal !== undefined,
    terminal: options.terminal,
    input: options.input === undefined ? undefined : Readable.from([Buffer.from(options.input)]),
    commands,
    stop: new AbortController().signal,
  }
  const code = (await command.run(resolveSettings(settings, argv, options.env ?? {}), io)) ?? 0
  return { code, out, notes, json: () => JSON.parse(out) as Record<string, unknown> }
}

/** A terminal at which each answer is typed once a question is on the screen. */
export function typist(...answers: string[]): Terminal & { screen: () => string } {
  const input = new PassThrough()
  const output = new PassThrough()
  let shown = ''
  output.on('data', (piece: Buffer) => {
    shown += piece.toString()
    const answer = /[:\]] $/.test(shown) ? answers.shift() : undefined
    if (answer !== undefined) setImmediate(() => input.write(`${answer}\n`))
  })
  return { input, output, screen: () => shown }
}
