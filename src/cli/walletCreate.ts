import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { type MnemonicLength, mnemonicLengths } from '../keys/mnemonic.ts'
import { type CreatedKey, createColdkey } from '../wallet/createColdkey.ts'
import { createHotkey } from '../wallet/createHotkey.ts'
import { readWalletFile } from '../wallet/walletFile.ts'
import { coldkeyPaths, hotkeyPaths } from '../wallet/walletPaths.ts'
import { defineCommand } from './command.ts'
import { passwordOptions } from './openKeys.ts'
import { json, noPassword, passwordSettings, walletSettings } from './settings.ts'
import { jsonText, table } from './table.ts'

interface MadeKey {
  readonly kind: 'coldkey' | 'hotkey'
  readonly file: string
  /** Undefined where the key was there already. */
  readonly created: CreatedKey | undefined
  readonly encrypted: boolean
}

export const command = defineCommand({
  summary: "Creates a wallet's coldkey and hotkey, or the one of them that is missing. Never replaces a key.",
  settings: {
    ...walletSettings,
    ...passwordSettings,
    ...noPassword,
    words: setting(z.coerce.number().default(12), {
      help: `words of each new phrase: ${mnemonicLengths.join(', ')}`,
      aliases: ['n_words', 'n-words'],
      takes: 'N',
    }),
    'show-mnemonic': setting(z.boolean().default(false), {
      help: 'print the new phrases although the output is not a terminal',
    }),
    ...json,
  },
  run: async ({ values }, io) => {
    const words = mnemonicLengths.find((length) => length === values.words)
    if (words === undefined) throw new InputError('--words', values.words, `give ${mnemonicLengths.join(', ')}`)
    const place = { path: values['wallet.path'], name: values['wallet.name'], hotkey: values['wallet.hotkey'] }
    const options = { ...place, ...passwordOptions(values, io), words }
    // A name that cannot be used is told of before the first key is made.
    hotkeyPaths(place)
    const shown = values['show-mnemonic'] || (io.isTerminal && !values.json)
    const show = (made: readonly MadeKey[]): void => {
      if (values.json) io.print(jsonText({ wallet: place.name, keys: made.map((key) => forPrograms(key, shown)) }))
      else for (const line of forPeople(made, shown)) io.print(line)
    }
    const coldkey = await madeColdkey(options, !values['no-password'])
    let hotkey: MadeKey
    try {
      hotkey = await madeHotkey(options)
    } catch (error) {
      // Its phrase is never shown again.
      if (coldkey.created !== undefined) show([coldkey])
      throw error
    }
    show([coldkey, hotkey])
    return 0
  },
})

type Options = Parameters<typeof createColdkey>[0] & { hotkey: string; words: MnemonicLength }

async function madeColdkey(options: Options, encrypt: boolean): Promise<MadeKey> {
  const { coldkey: file, coldkeypub } = coldkeyPaths(options)
  // A wallet that has only the public half keeps its coldkey on another machine.
  const exists = (await readWalletFile(file)) !== undefined || (await readWalletFile(coldkeypub)) !== undefined
  const created = exists ? undefined : await createColdkey({ ...options, encrypt })
  return { kind: 'coldkey', file, created, encrypted: encrypt }
}

async function madeHotkey(options: Options): Promise<MadeKey> {
  const { hotkey: file, hotkeypub } = hotkeyPaths(options)
  const exists = (await readWalletFile(file)) !== undefined || (await readWalletFile(hotkeypub)) !== undefined
  return { kind: 'hotkey', file, created: exists ? undefined : await createHotkey(options), encrypted: false }
}

function forPrograms({ kind, file, created, encrypted }: MadeKey, shown: boolean): unknown {
  if (created === undefined) return { kind, file, created: false }
  const mnemonic = shown ? { mnemonic: created.mnemonic.reveal() } : {}
  return { kind, file, created: true, address: created.address, encrypted, ...mnemonic }
}

function forPeople(made: readonly MadeKey[], shown: boolean): string[] {
  const rows = made.map(({ kind, file, created, encrypted }) => [
    kind,
    created === undefined ? 'was there already' : encrypted ? 'created, encrypted' : 'created, not encrypted',
    created?.address ?? '',
    file,
  ])
  const lines = [table(['KEY', 'STATE', 'ADDRESS', 'FILE'], rows)]
  const fresh = made.filter((key) => key.created !== undefined)
  if (fresh.length === 0) return [...lines, '', 'Nothing to do. faculty wallet list shows every wallet.']
  if (!shown) {
    return [...lines, '', 'The phrases are in the files above; --show-mnemonic would have printed them here, once.']
  }
  lines.push('', 'Write these down now: they are not shown again, and whoever has them has the keys.')
  for (const { kind, created } of fresh) lines.push(`  ${kind.padEnd(8)} ${created!.mnemonic.reveal()}`)
  return lines
}
