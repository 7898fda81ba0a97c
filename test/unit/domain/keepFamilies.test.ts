import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import type { ValidatorDefinition } from '../../../src/domain/defineValidator.ts'
import { keepFamilies } from '../../../src/domain/keepFamilies.ts'
import { builtInDomains, loadMiner, loadValidator } from '../../../src/domain/load.ts'

const validator = (domain: string, names: readonly string[]): ValidatorDefinition => ({
  domain,
  families: names.map((name) => ({
    name,
    source: 'none',
    make: () => {
      throw new Error('not made here')
    },
  })),
  score: () => 0,
})

describe('keepFamilies', () => {
  const both = [validator('one', ['a', 'b', 'c']), validator('two', ['c', 'd'])]
  const kept = (names: readonly string[]) =>
    keepFamilies(both, names).map(({ families }) => families.map(({ name }) => name).join(''))

  it('keeps the named ones, in the validators’ order, and leaves the originals alone', () => {
    expect(kept(['c', 'a'])).toEqual(['ac', 'c'])
    expect(kept(['d', 'b'])).toEqual(['b', 'd'])
    expect(both[0]!.families).toHaveLength(3)
  })

  it('refuses names that nobody has and validators without any', () => {
    expect(() => kept(['a', 'c', 'e'])).toThrow(InputError)
    expect(() => kept(['a', 'b'])).toThrow(InputError)
    expect(() => kept([])).toThrow(InputError)
  })
})

it.each(builtInDomains)('the manifest of %s names families that its validator has', async (domain) => {
  const { manifest } = await loadMiner(domain)
  const loaded = await loadValidator(domain)
  const names = manifest.families ?? loaded.families.map(({ name }) => name)
  expect(keepFamilies([loaded], names)[0]!.families).toHaveLength(new Set(names).size)
})
