#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Resolved, resolveSettings, type Settings, setting, settingsHelp } from '../base/config.ts'
import { FacultyError, messageOf } from '../base/errors.ts'
import { packagePath } from '../base/packagePath.ts'
import type { Command, CommandIo } from './command.ts'
import { commands } from './commands.ts'

const everywhere = {
  config: setting(z.string().optional(), { help: 'YAML or JSON file with settings', takes: 'FILE' }),
  help: setting(z.boolean().default(false), { help: 'show this text', short: 'h' }),
}

const exitCode = { failed: 1, badInput: 2 }

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
    process.stdout.write(overview())
    return argv.length === 0 || argv[0] === '--help' || argv[0] === '-h' || argv[0] === 'help'
      ? 0
      : unknownCommand(words)
  }
  const { command } = await commands[path]!()
  const settings: Settings = { ...command.settings, ...everywhere }
  const rest = argv.slice(path.split(' ').length)
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${usage(path, command)}\n\n${command.summary}\n\n${settingsHelp(settings)}\n`)
    return 0
  }
  const config = configFlag(rest)
  const resolved: Resolved<Settings> = resolveSettings(settings, rest, process.env, {
    file: config,
    // One file may serve several commands.
    known: config === undefined ? new Set<string>() : await allSettingNames(),
  })
  return (await command.run(resolved, makeIo())) ?? 0
}

function longestCommand(words: readonly string[]): string | undefined {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const path = words.slice(0, length).join(' ')
    if (path in commands) return path
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

function overview(): string {
  const lines = Object.keys(commands).map((path) => `  faculty ${path}`)
  return `Faculty: a Bittensor-style subnet in one package.\n\n${lines.join('\n')}\n\nEach takes --help.\n`
}

function unknownCommand(words: readonly string[]): number {
  process.stderr.write(`\nfaculty ${words.join(' ')}: no such command\n`)
  return exitCode.badInput
}

function makeIo(): CommandIo {
  const stopping = new AbortController()
  let signals = 0
  const onSignal = (): void => {
    stopping.abort()
    // Someone who presses Ctrl-C three times does not want to wait for a clean end.
    if (++signals >= 3) process.exit(130)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true,
    stop: stopping.signal,
  }
}

// `faculty … | head` closes our output early; that is the reader's right, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`faculty: ${messageOf(error)}\n`)
  if (!(error instanceof FacultyError) && process.env.FACULTY_TRACE !== undefined) console.error(error)
  process.exitCode =
    error instanceof FacultyError && error.failure.code === 'bad-input' ? exitCode.badInput : exitCode.failed
}
