import { text as textOf } from 'node:stream/consumers'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { signText } from '../wallet/signText.ts'
import { type CommandIo, defineCommand } from './command.ts'
import { walletOf } from './openKeys.ts'
import { json, passwordSettings, walletSettings } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: 'Signs a message with the coldkey, or with the hotkey, and prints the signature as hex.',
  settings: {
    ...walletSettings,
    ...passwordSettings,
    message: setting(z.string().optional(), {
      help: 'what to sign, 0x… as the bytes it spells; default standard input',
      short: 'm',
      takes: 'TEXT',
    }),
    'use-hotkey': setting(z.boolean().default(false), { help: 'sign with the hotkey', aliases: ['use_hotkey'] }),
    ...json,
  },
  run: async ({ values }, io) => {
    const message = values.message ?? (await piped(io))
    const wallet = walletOf(values, io)
    const signer = values['use-hotkey'] ? await wallet.hotkeySigner() : await wallet.coldkeySigner()
    const signature = await signText(signer, message)
    if (values.json) io.print(jsonText({ address: signer.address, type: signer.type, message, signature }))
    else {
      io.note(`Signed by ${signer.address}:`)
      io.print(signature)
    }
    return 0
  },
})

/** A line break at the end is no part of the message: `echo` puts one there. */
async function piped(io: CommandIo): Promise<string> {
  if (io.input === undefined) throw new InputError('--message', undefined, 'say what to sign, or pipe it in')
  return (await textOf(io.input as AsyncIterable<Uint8Array>)).replace(/\r?\n$/, '')
}
