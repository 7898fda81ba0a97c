import { InputError } from '../base/errors.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'

export const command = localnetPower({
  summary: `Sets the chain's clock: to a date, or ahead by seconds.
faculty localnet time 2030-01-01T00:00:00Z, faculty localnet time +3600`,
  usage: 'DATE|+SECONDS',
  power: ([time]) => ({
    method: time!.startsWith('+') ? 'localnet_jumpTime' : 'localnet_setTime',
    params: [millisecondsOf(time!)],
    text: (result) => `The next block is of ${new Date(result as number).toISOString()}.`,
  }),
})

function millisecondsOf(time: string): number {
  if (time.startsWith('+')) return wholeNumber('+SECONDS', time.slice(1)) * 1_000
  const ms = Date.parse(time)
  if (!Number.isNaN(ms)) return ms
  throw new InputError('DATE', time, 'give a date such as 2030-01-01T00:00:00Z, or +SECONDS')
}
