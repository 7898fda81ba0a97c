import { formatTokens } from '../base/units.ts'
import type { Submitted } from '../chain/submit.ts'
import type { CommandIo } from './command.ts'
import { jsonText } from './table.ts'

/** Says that a call is in its block, what it did and what it cost. */
export function printSubmitted(
  io: CommandIo,
  flags: { readonly json: boolean },
  { blockHash, extrinsicHash, feeRao }: Submitted,
  text: string,
  object: Readonly<Record<string, unknown>>,
): void {
  if (flags.json) io.print(jsonText({ ...object, feeRao, blockHash, extrinsicHash }))
  else io.print(`${text}\nFee ${formatTokens(feeRao)}, in block ${blockHash}.`)
}
