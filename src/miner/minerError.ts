import { FacultyError } from '../base/errors.ts'

export type MinerFailure = { readonly code: 'not-registered'; readonly hotkey: string; readonly netuid: number }

export class MinerError extends FacultyError<MinerFailure> {}

export function notRegistered({ hotkey, netuid }: Omit<MinerFailure, 'code'>): MinerError {
  return new MinerError(
    `hotkey ${hotkey} is not registered on subnet ${netuid}`,
    { code: 'not-registered', hotkey, netuid },
    { mend: `register it: faculty subnet register --netuid ${netuid}` },
  )
}
