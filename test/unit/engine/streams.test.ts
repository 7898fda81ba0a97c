import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeStopFilter } from '../../../src/engine/stopStrings.ts'
import { makeTextStream } from '../../../src/engine/textStream.ts'

const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }), { maxLength: 20 })
const stopLists = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), {
  maxLength: 3,
})

describe('makeStopFilter', () => {
  it('shows what stands before the first stop string, however the text is cut into pieces', () => {
    fc.assert(
      fc.property(pieces, stopLists, (texts, stops) => {
        const filter = makeStopFilter(stops)
        let shown = ''
        let stopped = false
        let read = ''
        for (const text of texts) {
          read += text
          const cut = filter.add(text)
          shown += cut.text
          stopped = cut.stopped
          if (stopped) break
        }
        if (!stopped) shown += filter.rest()
        const places = stops.map((stop) => read.indexOf(stop)).filter((place) => place !== -1)
        expect(stopped).toBe(places.length > 0)
        expect(shown).toBe(places.length > 0 ? read.slice(0, Math.min(...places)) : read)
      }),
    )
  })

  it('never shows a part of a stop string that is still to come', () => {
    const filter = makeStopFilter(['\n\nQ:'])
    expect(filter.add('yes\n').text).toBe('yes')
    expect(filter.add('\nQ')).toEqual({ text: '', stopped: false })
    expect(filter.add('ED').text).toBe('\n\nQED')
    expect(filter.add('\n\nQ: more')).toEqual({ text: '', stopped: true })
  })

  it('holds back nothing where there are no stop strings', () => {
    const filter = makeStopFilter([])
    expect(filter.add('abc')).toEqual({ text: 'abc', stopped: false })
    expect(filter.rest()).toBe('')
  })
})

describe('makeTextStream', () => {
  /** One byte a token, as byte-level tokenizers fall back to. */
  const decodeBytes = (ids: readonly number[]): string => Buffer.from(ids).toString('utf8')

  it('gives whole characters, and in the end the whole text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (text, stride) => {
        const bytes = [...Buffer.from(text, 'utf8')]
        const stream = makeTextStream(decodeBytes)
        const shown: string[] = []
        for (let i = 0; i < bytes.length; i += stride) shown.push(stream.add(bytes.slice(i, i + stride)))
        shown.push(stream.rest())
        // Half a character would be shown as U+FFFD.
        expect(shown.join('')).toBe(text)
      }),
    )
  })

  it('drops bytes at the end that never became a character', () => {
    const stream = makeTextStream(decodeBytes)
    expect(stream.add([0x61, 0xe2, 0x82])).toBe('a')
    expect(stream.rest()).toBe('')
  })

  it('keeps the space that a tokenizer drops at the beginning of a text', () => {
    const words = ['Hello', 'world', 'again']
    const stream = makeTextStream((ids) => ids.map((id) => words[id]).join(' '))
    expect([stream.add([0]), stream.add([1]), stream.add([2])].join('')).toBe('Hello world again')
  })
})
