import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { InputError } from './errors.ts'

/** What a setting's zod schema carries beside its type: see `setting`. */
export interface SettingMeta {
  readonly help: string
  /** Environment variable that replaces the default. */
  readonly env?: string
  /** Further spellings of the flag, without the dashes. */
  readonly aliases?: readonly string[]
  readonly short?: string
  /** What stands behind the flag in the help text, `N` or `FILE`; absent for switches. */
  readonly takes?: string
  /** Not printed by `faculty config show`. */
  readonly secret?: boolean
}

/** One setting: its zod schema, which has a default or is optional, and how it is spelt. */
export interface Setting<S extends z.ZodType = z.ZodType> extends SettingMeta {
  readonly schema: S
}

export type Settings = Readonly<Record<string, Setting>>
export type SettingValues<S extends Settings> = { readonly [K in keyof S]: z.output<S[K]['schema']> }
export type Source = 'flag' | 'environment' | 'file' | 'default'

export interface Resolved<S extends Settings> {
  readonly values: SettingValues<S>
  /** Where each value came from. */
  readonly sources: Readonly<Record<keyof S & string, Source>>
  /** What stood on the command line beside flags. */
  readonly positionals: readonly string[]
}

export function setting<S extends z.ZodType>(schema: S, meta: SettingMeta): Setting<S> {
  return { schema, ...meta }
}

/**
 * Resolves settings: flag > environment > file > default.
 *
 * The file is YAML (or JSON), its keys flat (`axon.port: 8091`) or nested (`axon: { port: 8091 }`).
 *
 * @throws InputError for an unknown flag or key and for a value that its schema refuses
 */
export function resolveSettings<S extends Settings>(
  settings: S,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  options: { file?: string | undefined; known?: ReadonlySet<string> } = {},
): Resolved<S> {
  const { flags, positionals } = parseFlags(settings, argv)
  const file = options.file === undefined ? {} : readConfigFile(options.file, settings, options.known)
  const values: Record<string, unknown> = {}
  const sources: Record<string, Source> = {}
  for (const [name, item] of Object.entries(settings)) {
    const fromEnv = item.env === undefined ? undefined : env[item.env]
    const [source, raw]: [Source, unknown] =
      name in flags
        ? ['flag', flags[name]]
        : fromEnv !== undefined && fromEnv !== ''
          ? ['environment', fromEnv]
          : name in file
            ? ['file', file[name]]
            : ['default', undefined]
    sources[name] = source
    values[name] = parseSetting(name, item, raw, source)
  }
  return { values: values as SettingValues<S>, sources: sources as Resolved<S>['sources'], positionals }
}

function parseSetting(name: string, item: Setting, raw: unknown, source: Source): unknown {
  const result = item.schema.safeParse(isSwitch(item) ? asBoolean(raw) : raw)
  const isNothing = result.success && typeof result.data === 'number' && isNoNumber(raw)
  if (result.success && !isNothing) return result.data
  const spelt = source === 'environment' ? item.env! : source === 'file' ? name : `--${name}`
  const shown = item.secret === true ? '[secret]' : raw
  throw new InputError(spelt, shown, `${result.error?.issues[0]?.message ?? 'give a number'}; ${item.help}`)
}

/** What coercion makes a number of all the same, mostly 0: `--netuid "$UNSET"`, or a line of a file that ends at the colon. */
function isNoNumber(raw: unknown): boolean {
  return typeof raw === 'string' ? raw.trim() === '' : raw !== undefined
}

/** `0` and `false` in the environment mean off; elsewhere they are set by people who expect just that. */
function asBoolean(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw
  if (['1', 'true', 'yes', 'on'].includes(raw.toLowerCase())) return true
  if (['0', 'false', 'no', 'off'].includes(raw.toLowerCase())) return false
  return raw
}

function isSwitch(item: Setting): boolean {
  return item.takes === undefined
}

function parseFlags(
  settings: Settings,
  argv: readonly string[],
): { flags: Record<string, unknown>; positionals: string[] } {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string }> = {}
  const canonical = new Map<string, string>()
  for (const [name, item] of Object.entries(settings)) {
    const type = isSwitch(item) ? 'boolean' : 'string'
    options[name] = item.short === undefined ? { type } : { type, short: item.short }
    canonical.set(name, name)
    for (const alias of [...(item.aliases ?? []), name.replaceAll('_', '-'), name.replaceAll('.', '-')]) {
      if (alias in options) continue
      options[alias] = { type }
      canonical.set(alias, name)
    }
  }
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  const flags: Record<string, unknown> = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const name = canonical.get(token.name)
    if (name === undefined) {
      throw new InputError('flag', token.rawName, `no such flag here; ${suggestion(token.name, canonical)}`)
    }
    if (options[token.name]?.type === 'boolean') flags[name] = token.value === undefined ? true : asBoolean(token.value)
    else if (token.value === undefined) {
      throw new InputError(token.rawName, '', `give a value: ${token.rawName} ${settings[name]!.takes}`)
    } else flags[name] = token.value
  }
  return { flags, positionals }
}

function suggestion(name: string, known: ReadonlyMap<string, string>): string {
  const near = [...known.keys()].find((other) => other.includes(name) || distance(other, name) <= 2)
  return near === undefined ? 'see --help' : `did you mean --${near}?`
}

/** Levenshtein distance; for names as short as flags. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}

function readConfigFile(
  path: string,
  settings: Settings,
  known: ReadonlySet<string> | undefined,
): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = parseYaml(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError('--config', path, 'give a readable YAML or JSON file', { cause: error })
  }
  if (parsed === null || parsed === undefined) return {}
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new InputError('--config', path, 'the file must hold settings by name')
  }
  const flat = flatten(parsed as Record<string, unknown>, '', settings, known)
  for (const key of Object.keys(flat)) {
    // Without its value: it may be a secret whose name is misspelt.
    if (!(key in settings) && known?.has(key) !== true) throw new InputError(path, key, 'there is no such setting')
  }
  return flat
}

/** Numbers stay the text that stands there, as on the command line: 007 is a name, and an amount keeps all its digits. */
function parseYaml(text: string): unknown {
  const document = parseDocument(text)
  if (document.errors[0] !== undefined) throw document.errors[0]
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === 'number') scalar.value = scalar.source
    },
  })
  return document.toJS()
}

function flatten(
  object: Record<string, unknown>,
  prefix: string,
  settings: Settings,
  known: ReadonlySet<string> | undefined,
): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key
    const isLeaf = name in settings || known?.has(name) === true
    if (!isLeaf && value !== null && typeof value === 'object' && !Array.isArray(value)) {
      Object.assign(flat, flatten(value as Record<string, unknown>, `${name}.`, settings, known))
    } else flat[name] = value
  }
  return flat
}

/** Help lines of settings, aligned: flag, what it does, default and environment variable. */
export function settingsHelp(settings: Settings): string {
  const rows = Object.entries(settings).map(([name, item]) => {
    const short = item.short === undefined ? '' : `-${item.short}, `
    const flag = `${short}--${name}${item.takes === undefined ? '' : ` ${item.takes}`}`
    const fallback = item.schema.safeParse(undefined)
    const shown = fallback.success && fallback.data !== undefined && fallback.data !== false
    const extra = [shown ? `default ${String(fallback.data)}` : '', item.env ?? ''].filter((part) => part !== '')
    return [flag, extra.length === 0 ? item.help : `${item.help} [${extra.join(', ')}]`] as const
  })
  const width = Math.max(0, ...rows.map(([flag]) => flag.length))
  return rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join('\n')
}
