#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Resolved, resolveSettings, type Settings, setting, settingsHelp } from '../base/config.ts'
import { FacultyError, InputError, messageOf } from '../base/errors.ts'
import { packagePath } from '../base/packagePath.ts'
import { processTerminal } from '../wallet/terminal.ts'
import type { Command, CommandIo } from './command.ts'
import { commands } from './commands.ts'
import { isGroup, nearestCommand, overview } from './overview.ts'
import { jsonText } from './table.ts'

const everywhere = {
  config: setting(z.string().optional(), { help: 'YAML or JSON file with settings', takes: 'FILE' }),
  help: setting(z.boolean().default(false), { help: 'show this text', short: 'h' }),
}

const exitCode = { failed: 1, badInput: 2 }

/** Failures of other rooms that are a bad flag or value too. */
const badValues = new Set(['bad-input', 'bad-name', 'bad-address', 'bad-hex', 'bad-mnemonic', 'bad-uri'])

/** As a shell reports a program that Ctrl-C ended. */
const stoppedCode = 130

const helpWords = ['--help', '-h', 'help']

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--version' || argv[0] === 'version') {
    process.stdout.write(
      `faculty ${(JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version}\n`,
    )
    return 0
  }
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith('-')) >>> 0)
  const path = longestCommand(words)
  if (path === undefined) {
    const [first = ''] = argv
    if (first.startsWith('-') && !helpWords.includes(first)) {
      throw new InputError('command', first, 'name the command first, its flags behind it; see faculty --help')
    }
    const asked = words[0] === 'help' ? words.slice(1) : words
    return longestCommand(asked) === undefined ? await listCommands(asked) : await main([...asked, '--help'])
  }
  const { command } = await commands[path]!()
  const depth = path.split(' ').length
  const own = await command.settingsFor?.(words.slice(depth), commands)
  const settings: Settings = { ...own, ...command.settings, ...everywhere }
  const rest = argv.slice(depth)
  if (rest.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`${usage(path, command)}\n\n${command.summary}\n\n${settingsHelp(settings)}\n`)
    return 0
  }
  const config = configFlag(rest)
  // One file may serve several commands.
  const known = config === undefined ? new Set<string>() : await allSettingNames()
  const resolve = (): Resolved<Settings> => resolveSettings(settings, rest, process.env, { file: config, known })
  const resolved = resolve()
  const extra = command.usage === undefined ? resolved.positionals[0] : undefined
  if (extra !== undefined) throw new InputError(`faculty ${path}`, extra, 'this command takes flags only; see --help')
  return (
    (await command.run(resolved, makeIo(config === undefined ? undefined : { path: config, reread: resolve }))) ?? 0
  )
}

async function listCommands(words: readonly string[]): Promise<number> {
  const asked = words.filter((word) => !helpWords.includes(word))
  if (asked.length === 0) {
    process.stdout.write(await overview(commands))
    return 0
  }
  if (isGroup(commands, asked)) {
    process.stdout.write(await overview(commands, asked))
    return 0
  }
  const near = nearestCommand(commands, asked)
  const group = isGroup(commands, [asked[0]!]) ? asked[0] : undefined
  const mend = near === undefined ? `see faculty ${group ?? '--help'}` : `did you mean faculty ${near}?`
  throw new InputError('command', asked.join(' '), mend)
}

function longestCommand(words: readonly string[]): string | undefined {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const path = words.slice(0, length).join(' ')
    if (Object.hasOwn(commands, path)) return path
  }
  return undefined
}

function configFlag(argv: readonly string[]): string | undefined {
  const i = argv.findIndex((word) => word === '--config' || word.startsWith('--config='))
  if (i < 0) return undefined
  return argv[i]!.includes('=') ? argv[i]!.slice('--config='.length) : argv[i + 1]
}

async function allSettingNames(): Promise<Set<string>> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()))
  return new Set(loaded.flatMap(({ command }) => Object.keys(command.settings)))
}

function usage(path: string, command: Command): string {
  return `faculty ${path}${command.usage === undefined ? '' : ` ${command.usage}`} [flags]`
}

/** Once a command has looked at it. */
let stopping: AbortController | undefined

function makeIo(config: CommandIo['config']): CommandIo {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true,
    terminal: processTerminal(),
    input: process.stdin.isTTY ? undefined : process.stdin,
    commands,
    ...(config !== undefined && { config }),
    /** Signals are taken over by commands that look here; the others end at once, as any program does. */
    get stop() {
      stopping ??= stopOnSignals()
      return stopping.signal
    },
  }
}

function stopOnSignals(): AbortController {
  const controller = new AbortController()
  let signals = 0
  const onSignal = (): void => {
    controller.abort()
    // Someone who presses Ctrl-C three times does not want to wait for a clean end.
    if (++signals >= 3) process.exit(stoppedCode)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // A supervisor keeps our input open as long as it lives: see cli/up/supervisor.ts. Waiting for its end keeps nobody up.
  if (process.env.FACULTY_SUPERVISED === '1') {
    process.stdin.once('end', () => controller.abort()).resume()
    process.stdin.unref()
  }
  return controller
}

/** What failed, for people on standard error; with `--json` also as an object for programs. */
function report(error: unknown): number {
  process.stderr.write(`faculty: ${messageOf(error)}\n`)
  if (!(error instanceof FacultyError)) {
    if (process.env.FACULTY_TRACE !== undefined) console.error(error)
    return exitCode.failed
  }
  if (process.argv.includes('--json')) {
    const { message, failure, mend } = error
    process.stdout.write(`${jsonText({ error: { message, mend, ...failure } })}\n`)
  }
  return badValues.has(error.failure.code) ? exitCode.badInput : exitCode.failed
}

// Standard output is the command's own; what libraries have to say (@polkadot/api of an upgrade, for one) is a note.
console.log = console.error

// `faculty … | head` closes our output early; that is the reader's right, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const code = report(error)
  process.exitCode = stopping?.signal.aborted === true ? stoppedCode : code
}
