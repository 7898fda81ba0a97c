import { z } from 'zod'
import { type Laxness, laxnesses } from '../axon/http/laxness.ts'
import { type Transport, transports } from '../axon/transport.ts'
import { type SettingValues, setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'

/** How an axon is reached, and what of other dialects it takes. */
export const dialectSettings = {
  transports: setting(listOf(transports).default(['wss']), {
    help: 'how the axon is reached: wss (sessions), http (signed requests of Bittensor SDKs and Epistula), or both',
    takes: 'LIST',
  }),
  'dialect.allow': setting(listOf(laxnesses).optional(), {
    help: `what requests by HTTP may do all the same, see docs/security.md: ${laxnesses.join(', ')}`,
    takes: 'LIST',
  }),
}

export interface Dialects {
  readonly transports: readonly Transport[]
  readonly allow: readonly Laxness[]
}

/** @throws InputError where something is allowed to requests that are not taken */
export function dialectsOf(values: SettingValues<typeof dialectSettings>): Dialects {
  const { transports, 'dialect.allow': allow = [] } = values
  if (allow.length === 0 || transports.includes('http')) return { transports, allow }
  const mend = 'it speaks of requests by HTTP: add --transports wss,http'
  throw new InputError('--dialect.allow', allow.join(','), mend)
}

/** One or several of these, comma-separated. */
function listOf<const T extends string>(choices: readonly T[]) {
  const problem = `give one or several of ${choices.join(', ')}, comma-separated`
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(choices, problem)).min(1))
}
