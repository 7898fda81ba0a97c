import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serverSentEvents } from '../../../src/client/serverSentEvents.ts'

/** The text in pieces of these many bytes, over and over. */
function inPieces(text: string, sizes: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!
        controller.enqueue(bytes.slice(at, at + size))
        at += size
      }
      controller.close()
    },
  })
}

async function read(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const found: string[] = []
  for await (const data of serverSentEvents(stream)) found.push(data)
  return found
}

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''))

describe('server-sent events', () => {
  it('come out as they went in, however the bytes are cut and whatever the line ends are', async () => {
    const cases = fc.record({
      events: fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      space: fc.constantFrom(' ', ''),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ events, end, sizes, space }) => {
        // Without the space, a text that begins with one would lose it.
        fc.pre(space === ' ' || events.every((lines) => lines.every((text) => !text.startsWith(' '))))
        const text = events
          .map(
            (lines) =>
              `: a comment${end}event: x${end}${lines.map((one) => `data:${space}${one}${end}`).join('')}${end}`,
          )
          .join('')
        // A last lone carriage return may be half of a line end; anything after it settles that.
        expect(await read(inPieces(`${text}: end`, sizes))).toEqual(events.map((lines) => lines.join('\n')))
      }),
    )
  })

  it('leave out an event that is not complete', async () => {
    expect(await read(inPieces('data: a\n\ndata: b', [3]))).toEqual(['a'])
    expect(await read(inPieces('data: a\n\ndata: b\n', [3]))).toEqual(['a'])
  })

  it('cancel the body when the reader leaves', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
      cancel: () => {
        cancelled = true
      },
    })
    for await (const data of serverSentEvents(body)) {
      expect(data).toBe('a')
      break
    }
    expect(cancelled).toBe(true)
  })
})
