import { createInterface } from 'node:readline'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { isAddress } from '../keys/ss58.ts'
import type { KeySource } from '../wallet/newKey.ts'
import { regenColdkey } from '../wallet/regenColdkey.ts'
import { regenColdkeypub } from '../wallet/regenColdkeypub.ts'
import { regenHotkey } from '../wallet/regenHotkey.ts'
import { askHidden } from '../wallet/terminal.ts'
import { coldkeyPaths, hotkeyPaths } from '../wallet/walletPaths.ts'
import { type CommandIo, defineCommand } from './command.ts'
import { passwordOptions } from './openKeys.ts'
import { json, noPassword, passwordSettings, walletSettings } from './settings.ts'
import { jsonText, table } from './table.ts'

const kinds = ['coldkey', 'hotkey', 'coldkeypub'] as const

const visible = 'other users of this machine can see it while the command runs; a prompt or a pipe is safer'

export const command = defineCommand({
  summary: `Writes a key again from its phrase or seed.
A coldkey, a hotkey, or, from its address, a coldkeypub alone: all that a machine that mines or validates needs of it.
The secret is asked for, or read from standard input: echo "$PHRASE" | faculty wallet regen hotkey`,
  usage: kinds.join('|'),
  settings: {
    ...walletSettings,
    ...passwordSettings,
    ...noPassword,
    mnemonic: setting(z.string().optional(), { help: visible, takes: 'WORDS', secret: true }),
    seed: setting(z.string().optional(), { help: visible, takes: 'HEX', secret: true }),
    uri: setting(z.string().optional(), {
      help: 'such as //Alice, for keys without value',
      takes: 'URI',
      secret: true,
    }),
    address: setting(z.string().optional(), {
      help: 'for coldkeypub: the address of the coldkey',
      aliases: ['ss58', 'ss58_address', 'ss58-address'],
      takes: 'ADDRESS',
    }),
    overwrite: setting(z.boolean().default(false), { help: 'replace the key that is there; its funds go with it' }),
    ...json,
  },
  run: async ({ values, positionals }, io) => {
    const kind = kinds.find((word) => word === positionals[0])
    if (kind === undefined) throw new InputError('KEY', positionals[0], `name one: ${kinds.join(', ')}`)
    // Without the words themselves, which may be a phrase.
    if (positionals.length > 1) {
      const more = `${positionals.length - 1} more words`
      throw new InputError('KEY', `${kind} and ${more}`, 'a phrase is asked for, or read from standard input')
    }
    const place = { path: values['wallet.path'], name: values['wallet.name'], hotkey: values['wallet.hotkey'] }
    const options = { ...place, ...passwordOptions(values, io), overwrite: values.overwrite }
    const encrypt = !values['no-password']
    const key =
      kind === 'coldkeypub'
        ? await regenColdkeypub(values.address ?? (await askedAddress(io)), options)
        : kind === 'coldkey'
          ? await regenColdkey(await sourceOf(values, io), { ...options, encrypt })
          : await regenHotkey(await sourceOf(values, io), options)
    const file =
      kind === 'hotkey' ? hotkeyPaths(place).hotkey : coldkeyPaths(place)[kind === 'coldkey' ? 'coldkey' : 'coldkeypub']
    if (values.json) io.print(jsonText({ kind, address: key.address, file }))
    else io.print(table(['KEY', 'ADDRESS', 'FILE'], [[kind, key.address, file]]))
    return 0
  },
})

interface SecretFlags {
  readonly mnemonic: string | undefined
  readonly seed: string | undefined
  readonly uri: string | undefined
}

async function sourceOf({ mnemonic, seed, uri }: SecretFlags, io: CommandIo): Promise<KeySource> {
  const given = [mnemonic, seed, uri].filter((value) => value !== undefined)
  if (given.length > 1) throw new InputError('--mnemonic, --seed, --uri', 'several', 'give one of them')
  if (mnemonic !== undefined) return { mnemonic }
  if (seed !== undefined) return { seed }
  if (uri !== undefined) return { uri }
  return secretIn(await asked('Phrase or seed: ', io))
}

/** Tells a phrase from a seed and a URI by their looks. */
function secretIn(text: string): KeySource {
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) return { seed: text }
  return text.includes('/') ? { uri: text } : { mnemonic: text }
}

async function askedAddress(io: CommandIo): Promise<string> {
  const address = await asked('Address of the coldkey: ', io)
  if (!isAddress(address)) throw new InputError('address', address, 'give an SS58 address')
  return address
}

async function asked(question: string, io: CommandIo): Promise<string> {
  if (io.terminal !== undefined) return await askHidden(question, io.terminal)
  const line = io.input === undefined ? '' : await firstLine(io.input)
  if (line === '') throw new InputError('standard input', '', 'pipe the phrase, seed or address into this command')
  return line
}

async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  try {
    for await (const line of lines) return line.trim()
    return ''
  } finally {
    lines.close()
  }
}
