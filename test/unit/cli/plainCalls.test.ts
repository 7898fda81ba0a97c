import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePlainCalls } from '../../../src/cli/plainCalls.ts'

function shown(pieces: readonly string[]): string {
  const calls = makePlainCalls()
  return pieces.map((piece) => calls.add(piece)).join('') + calls.rest()
}

describe('makePlainCalls', () => {
  it.each([
    ['<calc>140-67</calc>=73\nAnswer: 73', '140-67 = 73\nAnswer: 73'],
    ['age <calc>(67>=65)+(67>=75)</calc>=1, male 0', 'age (67>=65)+(67>=75) = 1, male 0'],
    ['a < b, </calc> and <calc', 'a < b, </calc> and <calc'],
    ['<calc>1+', '1+'],
  ])('%s', (text, plain) => {
    expect(shown([text])).toBe(plain)
    expect(shown([...text])).toBe(plain)
  })

  it('shows the same however the text is cut, and loses nothing else', () => {
    const part = fc.constantFrom('<calc>', '</calc>=', '</calc>', '<', 'calc>', '=', '7', '-', ' ', 'words')
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(60)), (parts, cuts) => {
        const text = parts.join('')
        const places = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b)
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
        expect(shown(pieces)).toBe(
          text
            .split('<calc>')
            .map((rest) => rest.replaceAll('</calc>=', ' = '))
            .join(''),
        )
      }),
    )
  })
})
