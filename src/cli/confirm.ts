import { InputError } from '../base/errors.ts'
import { askLine } from '../wallet/terminal.ts'
import type { CommandIo } from './command.ts'

/**
 * Asks before money moves. `--yes` skips the question; on a pipe, where nobody can answer, it is required.
 *
 * @param what the consequence in one sentence, amounts included
 * @returns false where the person declines
 * @throws InputError on a pipe without `--yes`
 */
export async function confirm(what: string, flags: { readonly yes: boolean }, io: CommandIo): Promise<boolean> {
  if (flags.yes) return true
  if (io.terminal === undefined) {
    throw new InputError('--yes', undefined, `there is no terminal to confirm at, so say it beforehand: ${what}`)
  }
  io.note(what)
  const answer = await askLine('Go ahead? [y/N] ', io.terminal)
  const agreed = /^y(es)?$/i.test(answer)
  if (!agreed) io.note('Nothing was done.')
  return agreed
}
