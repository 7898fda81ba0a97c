import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { parseJson } from '../base/parse.ts'
import { jsonOrText, localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: `Writes a value into the state, raw or by name; null removes it.
faculty localnet storage 0x… 0x…, faculty localnet storage SubtensorModule.Tempo 20 --keys '[1]'`,
  usage: 'KEY VALUE',
  settings: {
    keys: setting(z.string().default('[]'), { help: "keys of a map's entry, a JSON list", takes: 'JSON' }),
  },
  power: ([key, value], { keys }) => ({
    method: 'localnet_setStorage',
    params: [[entryOf(key!, value!, String(keys))]],
    text: (result) => `Wrote ${(result as string[]).join(', ')}.`,
  }),
})

function entryOf(key: string, value: string, keys: string): unknown {
  if (key.startsWith('0x')) return [key, value === 'null' ? null : value]
  const [pallet, item] = key.split('.')
  if (item === undefined) throw new InputError('KEY', key, 'give 0x hex, or PALLET.ITEM')
  return { pallet, item, keys: parseJson(z.array(z.json()), keys, '--keys'), value: jsonOrText(value) }
}
