import { InputError } from '../base/errors.ts'
import type { ValidatorDefinition } from './defineValidator.ts'

/**
 * The validators with the named families alone, in the validators' own order.
 *
 * @param names each of at least one of the validators; every validator must keep at least one
 * @throws InputError for a name that none has, or a validator left without any
 */
export function keepFamilies(
  validators: readonly ValidatorDefinition[],
  names: readonly string[],
): ValidatorDefinition[] {
  const known = validators.flatMap(({ families }) => families.map(({ name }) => name))
  const strange = names.find((name) => !known.includes(name))
  if (strange !== undefined) throw new InputError('families', strange, `name some of ${known.join(', ')}`)
  return validators.map((validator) => {
    const families = validator.families.filter(({ name }) => names.includes(name))
    if (families.length === 0) {
      throw new InputError('families', names.join(','), `name at least one of the ${validator.domain} domain's`)
    }
    return { ...validator, families }
  })
}
