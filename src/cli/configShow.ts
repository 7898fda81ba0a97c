import type { Settings } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { type CommandTable, defineCommand } from './command.ts'
import { json } from './settings.ts'
import { jsonText, table } from './table.ts'

export const command = defineCommand({
  summary: `Shows each setting, its value and where that came from.
Sources are flag, environment, file and default, in this order. faculty config show miner run --netuid 2 shows what that command would use; without a command, all settings.`,
  usage: '[COMMAND]',
  settings: { ...json },
  settingsFor: settingsOf,
  run: async ({ values, sources, positionals }, io) => {
    const settings = await settingsOf(positionals, io.commands ?? {})
    const found = values as Readonly<Record<string, unknown>>
    const origin = sources as Readonly<Record<string, string>>
    const rows = Object.entries(settings).map(([name, { env, secret }]) => ({
      name,
      value: secret === true && found[name] !== undefined ? '(secret)' : found[name],
      source: origin[name]!,
      env,
    }))
    if (values.json) {
      io.print(jsonText({ command: positionals.join(' '), settings: rows }))
      return 0
    }
    const cells = rows.map(({ name, value, source, env }) => [name, shown(value), source, env ?? ''])
    io.print(table(['SETTING', 'VALUE', 'FROM', 'ENVIRONMENT VARIABLE'], cells))
    return 0
  },
})

/** Settings of the command with these words, or of all commands where there are none. */
async function settingsOf(words: readonly string[], commands: CommandTable): Promise<Settings> {
  if (words.length === 0) {
    const loaded = await Promise.all(Object.values(commands).map((load) => load()))
    return Object.assign({}, ...loaded.map(({ command: { settings } }) => settings)) as Settings
  }
  const path = words.join(' ')
  if (!Object.hasOwn(commands, path)) {
    throw new InputError('COMMAND', path, 'name a command as faculty lists them, such as miner run')
  }
  return (await commands[path]!()).command.settings
}

function shown(value: unknown): string {
  if (value === undefined) return '(not set)'
  return typeof value === 'string' && value !== '' ? value : (jsonText(value) ?? '')
}
