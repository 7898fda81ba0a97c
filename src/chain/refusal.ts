import { ChainError, customRefusals, mends } from './chainError.ts'

/** What nodes say of any extrinsic, by a part of their text, and what to do. @see polkadot-sdk, InvalidTransaction */
const poolMends: readonly (readonly [part: string, mend: string])[] = [
  ['Inability to pay', 'fund the account that signs: it cannot pay the fee'],
  ['outdated', 'another call of this account took the same nonce: try again'],
  ['ancient birth block', 'the signature is too old: sign anew'],
  [
    'bad signature',
    'the key or the chain is another one than expected, or the runtime was upgraded just now: try again',
  ],
  ['Priority is too low', 'another call of this account with the same nonce is waiting: wait for it, then try again'],
  ['already imported', 'nothing to do: the node has this very extrinsic already'],
  ['temporarily banned', 'the node refused this extrinsic a moment ago: wait half a minute'],
]

/** The error for a call that the pool did not take, from the node's words. */
export function refusal(call: string, message: string, cause?: unknown): ChainError {
  const number = /Custom error: (\d+)/.exec(message)?.[1]
  if (number === undefined) {
    const mend = poolMends.find(([part]) => message.toLowerCase().includes(part.toLowerCase()))?.[1]
    return new ChainError(
      `${call} refused: ${message}`,
      { code: 'refused', reason: message, call },
      options(mend, cause),
    )
  }
  const custom = Number(number)
  const name = customRefusals[custom] ?? `custom error ${custom}`
  return new ChainError(
    `${call} refused: ${name}`,
    { code: 'refused', reason: name, call, custom },
    options(mends[name], cause),
  )
}

function options(mend: string | undefined, cause: unknown): { mend?: string; cause?: unknown } {
  return mend === undefined ? { cause } : { mend, cause }
}
