import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSseParser } from '../../../src/base/sseParser.ts'

/** The standard's own words, over a whole text: lines first, then fields, then events. */
function eventsOf(text: string): string[] {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n').slice(0, -1)
  const events: string[] = []
  let data: string | undefined
  for (const line of lines) {
    if (line === '') {
      if (data !== undefined) events.push(data.slice(0, -1))
      data = undefined
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data = `${data ?? ''}${value}\n`
  }
  return events
}

/** Texts made of what matters to the parser. */
const text = fc
  .array(
    fc.constantFrom('data', 'data:', ':', ' ', '\n', '\r', '\r\n', '\n\n', 'x', '{"a":1}', 'event: y', '\u{1f44d}'),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''))

describe('the parser of server-sent events', () => {
  it('finds in any pieces of any text what the standard says', () => {
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), (body, sizes) => {
        const parser = makeSseParser()
        const found: string[] = []
        // What follows settles whether a last carriage return was half of a line end.
        const whole = `${body}:`
        for (let at = 0, i = 0; at < whole.length; at += sizes[i++ % sizes.length]!) {
          found.push(...parser.add(whole.slice(at, at + sizes[i % sizes.length]!)))
        }
        expect(found).toEqual(eventsOf(whole))
      }),
      { numRuns: 2_000 },
    )
  })

  it('bounds an event without an end, in one line or in many', () => {
    const line = makeSseParser(100)
    expect(() => {
      for (;;) line.add('data: 0123456789')
    }).toThrow(RangeError)
    const lines = makeSseParser(100)
    expect(() => {
      for (;;) lines.add('data: 0123456789\n')
    }).toThrow('longer than 100 characters')
  })

  it('takes any number of events within the bound', () => {
    const parser = makeSseParser(100)
    const found = Array.from({ length: 1_000 }, () => parser.add('data: 0123456789\n\n')).flat()
    expect(found.length).toBe(1_000)
  })

  it('reads a line of a megabyte in small pieces without starting over at each', () => {
    const parser = makeSseParser()
    const piece = 'x'.repeat(16)
    parser.add('data:')
    for (let i = 0; i < 65_536; i++) parser.add(piece)
    expect(parser.add('\n\n')[0]!.length).toBe(1024 * 1024)
  })
})
