import { InputError } from '../../base/errors.ts'

/**
 * Whether a licence's name keeps commercial use out: `CC BY-NC 4.0` does, `CC BY 4.0` and `MIT` do not. One that is not
 * known counts as one that does.
 */
export function isNonCommercial(licence: string): boolean {
  const name = licence.toLowerCase()
  if (/\bnc\b|non-?\s?commercial/.test(name)) return true
  return !/\b(?:cc0|cc[ -]by|creative commons attribution|mit|apache|bsd|public domain)\b/.test(name)
}

/** @throws InputError where a set that is not for commercial use was not allowed by its name */
export function needAllowed(name: string, licence: string, allowed: ReadonlySet<string>): void {
  if (allowed.has(name)) return
  const mend = `its licence is ${licence}; where your use is not commercial: --allow-non-commercial ${name}`
  throw new InputError('--dataset', name, mend)
}
