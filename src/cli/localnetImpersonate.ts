import { z } from 'zod'
import { setting } from '../base/config.ts'
import { localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: 'Takes any signature of an account for good, so that its key is not needed.',
  usage: 'ADDRESS',
  settings: { stop: setting(z.boolean().default(false), { help: 'end it' }) },
  power: ([address], { stop }) => ({
    method: stop === true ? 'localnet_stopImpersonating' : 'localnet_impersonate',
    params: [address],
    text: () => `Signatures of ${address} are ${stop === true ? 'checked' : 'not checked any more'}.`,
  }),
})
