import { listWallets } from '../wallet/listWallets.ts'
import { walletsFolder } from '../wallet/walletPaths.ts'
import { defineCommand } from './command.ts'
import { json, walletSettings } from './settings.ts'
import { jsonText, table } from './table.ts'

const states = {
  absent: 'public half only',
  plain: 'not encrypted',
  encrypted: 'encrypted',
  unreadable: 'unreadable',
} as const

export const command = defineCommand({
  summary: 'Lists the wallets on this machine with their addresses; asks for no password.',
  settings: { 'wallet.path': walletSettings['wallet.path'], ...json },
  run: async ({ values }, io) => {
    const folder = walletsFolder(values['wallet.path'])
    const wallets = await listWallets(folder)
    if (values.json) {
      io.print(jsonText({ folder, wallets }))
      return 0
    }
    if (wallets.length === 0) {
      io.print(`No wallets in ${folder}. faculty wallet create makes one.`)
      return 0
    }
    const rows = wallets.flatMap(({ name, coldkey, hotkeys }) =>
      [coldkey, ...hotkeys].map((key, i) => [
        i === 0 ? name : '',
        i === 0 ? 'coldkey' : key.name,
        key.address ?? '?',
        key.problem ?? states[key.secret],
      ]),
    )
    io.print(table(['WALLET', 'KEY', 'ADDRESS', 'SECRET'], rows))
    return 0
  },
})
