import type { Settings } from '../base/config.ts'
import { FacultyError, InputError } from '../base/errors.ts'
import { type Command, type CommandIo, defineCommand } from './command.ts'
import { chainAddress } from './openChain.ts'
import { chainSettings, json } from './settings.ts'
import { jsonText } from './table.ts'

/** A call of a running localnet and what to say of its answer. */
export interface Power {
  readonly method: string
  readonly params: readonly unknown[]
  /** Keeps what is to be kept of the answer, before anything is printed. */
  save?(result: unknown): void
  /** For people; with `--json` the answer itself is printed. */
  text(result: unknown): string
}

/** A command that is one call of a running localnet: `--subtensor.chain_endpoint`, or the one on port 9944. */
export function localnetPower<S extends Settings>(parts: {
  readonly summary: string
  /** Positional arguments; the names of optional ones stand in brackets. */
  readonly usage?: string
  readonly settings?: S
  readonly power: (words: readonly string[], values: Readonly<Record<string, unknown>>, io: CommandIo) => Power
}): Command {
  const { summary, usage, settings, power } = parts
  return defineCommand<Settings>({
    summary,
    ...(usage === undefined ? {} : { usage }),
    settings: { ...settings, ...chainSettings, ...json },
    run: async ({ values, positionals }, io) => {
      requireWords(usage ?? '', positionals)
      const { method, params, save, text } = power(positionals, values, io)
      const { endpoints } = chainAddress({
        'subtensor.network': String(values['subtensor.network']),
        'subtensor.chain_endpoint': values['subtensor.chain_endpoint'] as string | undefined,
      })
      const result = await callLocalnet(endpoints[0]!, method, params)
      save?.(result)
      io.print(values.json === true ? jsonText(result) : text(result))
      return 0
    },
  })
}

function requireWords(usage: string, words: readonly string[]): void {
  const names = usage === '' ? [] : usage.split(' ')
  const missing = names.findIndex((name, i) => !name.startsWith('[') && words[i] === undefined)
  if (missing >= 0) throw new InputError(names[missing]!, undefined, `give ${usage}`)
  const extra = words[names.length]
  if (extra !== undefined)
    throw new InputError('argument', extra, names.length === 0 ? 'give flags only' : `give ${usage}`)
}

export type LocalnetFailure =
  | { readonly code: 'no-localnet'; readonly endpoint: string }
  | { readonly code: 'localnet-refused'; readonly method: string }

/** The localnet is not there, or will not. */
export class LocalnetError extends FacultyError<LocalnetFailure> {}

/** One JSON-RPC call over HTTP. @throws LocalnetError where nobody answers, or the answer is an error */
export async function callLocalnet(endpoint: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const { result, error } = await post(endpoint, body)
  if (error === undefined) return result
  const message = error.data === undefined ? error.message : `${error.message}: ${error.data}`
  const mend = error.message === 'Method not found' ? 'only faculty localnet has it: give its endpoint' : undefined
  throw new LocalnetError(message, { code: 'localnet-refused', method }, mend === undefined ? {} : { mend })
}

interface LocalnetReply {
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly data?: string }
}

async function post(endpoint: string, body: string): Promise<LocalnetReply> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(endpoint.replace(/^ws/, 'http'), { method: 'POST', body, headers })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return (await response.json()) as LocalnetReply
  } catch (error) {
    throw new LocalnetError(
      `no localnet answers at ${endpoint}`,
      { code: 'no-localnet', endpoint },
      { mend: 'start one with faculty localnet, or give --subtensor.chain_endpoint', cause: error },
    )
  }
}

/** A whole number out of a word. */
export function wholeNumber(name: string, word: string): number {
  if (/^\d{1,15}$/.test(word)) return Number(word)
  throw new InputError(name, word, 'give a whole number')
}

/** JSON out of a word; what is no JSON is taken as text. */
export function jsonOrText(word: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    return word
  }
}
