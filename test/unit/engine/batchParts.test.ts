import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CacheSlot, type FloatValue, floatValue } from '../../../src/engine/decoderLayout.ts'
import { makeEventQueue } from '../../../src/engine/eventQueue.ts'
import { exposeEntries } from '../../../src/engine/exposeEntries.ts'
import { blockPlaces, RowCache } from '../../../src/engine/rowCache.ts'
import { WaitingLine } from '../../../src/engine/waitingLine.ts'
import { llamaGraph } from './llamaGraph.ts'
import { onnxBytes } from './onnxBytes.ts'

const shape = { vocabulary: 30, layers: 2, width: 16, heads: 2, cacheHeads: 1, mlp: 16, contextTokens: 64 }

describe('exposeEntries', () => {
  it('names what joins each cache, and adds it to the outputs', () => {
    const bytes = onnxBytes(llamaGraph(shape))
    const { entries, bytes: exposed } = exposeEntries(bytes)!
    expect([...entries.keys()]).toEqual(['present.0.key', 'present.0.value', 'present.1.key', 'present.1.value'])
    expect(exposed.subarray(0, bytes.length)).toEqual(bytes)
    for (const name of entries.values()) expect(Buffer.from(exposed.subarray(bytes.length)).includes(name)).toBe(true)
  })

  it('leaves graphs alone whose caches grow in another way', () => {
    expect(exposeEntries(onnxBytes(llamaGraph({ ...shape, kind: 'fused' })))).toBe(undefined)
  })

  it('takes any bytes without harm', () => {
    const model = onnxBytes(llamaGraph(shape))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => exposeEntries(bytes) === undefined))
    // The graph is all but the last few bytes; cut anywhere before, its length does not hold.
    const cut = fc.integer({ min: 0, max: model.length - 20 })
    fc.assert(fc.property(cut, (length) => exposeEntries(model.subarray(0, length)) === undefined))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Uint8Array.from(model)
        damaged[at] = byte
        exposeEntries(damaged)
      }),
      { numRuns: 200 },
    )
  })
})

describe('RowCache', () => {
  const slots: CacheSlot[] = [
    { input: 'a', output: 'a', entry: undefined, type: 'float32', heads: 2, headSize: 2 },
    { input: 'b', output: 'b', entry: undefined, type: 'float16', heads: 1, headSize: 3 },
  ]
  const placesOf = fc.constantFrom(0, 1, 2, blockPlaces - 1, blockPlaces, blockPlaces + 1, 3 * blockPlaces)
  const command = fc.oneof(
    fc.record({ kind: fc.constant('resize' as const), rows: fc.integer({ min: 0, max: 5 }), tokens: placesOf }),
    fc.record({ kind: fc.constant('clear' as const) }),
    fc.record({ kind: fc.constant('put' as const), row: fc.nat(4), tokens: placesOf }),
    fc.record({ kind: fc.constant('append' as const), row: fc.nat(4), place: fc.nat(3 * blockPlaces) }),
    fc.record({ kind: fc.constant('move' as const), row: fc.nat(4), to: fc.nat(4) }),
  )

  it('holds what its rows were given and zeros behind it, whatever room it has', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        const cache = new RowCache(slots)
        /** rows → slots → places → heads × head size; unset places are zero. */
        let model: Map<number, number[]>[][] = []
        let stamp = 1
        const fresh = (): Map<number, number[]>[] => slots.map(() => new Map())
        const numbers = ({ heads, headSize }: CacheSlot): number[] =>
          Array.from({ length: heads * headSize }, () => (stamp = (stamp % 60_000) + 1))
        for (const one of commands) {
          if (one.kind === 'resize') {
            cache.resize(one.rows, one.tokens)
            model = Array.from({ length: one.rows }, (_, row) => model[row] ?? fresh())
            for (const row of model)
              for (const slot of row) for (const p of slot.keys()) if (p >= cache.places) slot.delete(p)
          } else if (one.kind === 'clear') {
            cache.clear()
            model = []
          } else if (one.row >= model.length) continue
          else if (one.kind === 'put') {
            const tokens = Math.min(one.tokens, cache.places)
            const row = slots.map((slot) => new Map(Array.from({ length: tokens }, (_, p) => [p, numbers(slot)])))
            cache.put(
              one.row,
              slots.map((slot, s) => padded(slot, [row[s]!], tokens)),
            )
            model[one.row] = row
          } else if (one.kind === 'append') {
            if (one.place >= cache.places) continue
            for (const [s, slot] of slots.entries()) {
              const entries = model.map(() => new Map([[1, numbers(slot)]]))
              cache.append(s, one.row, one.place, padded(slot, entries, 2), 1)
              model[one.row]![s]!.set(one.place, entries[one.row]!.get(1)!)
            }
          } else if (one.to < model.length) {
            cache.move(one.row, one.to)
            model[one.to] = model[one.row]!.map((slot) => new Map(slot))
          }
          const values = cache.values()
          for (const [s, slot] of slots.entries()) {
            const right = padded(
              slot,
              model.map((row) => row[s]!),
              cache.places,
            )
            expect(values[s]!.dims).toEqual(right.dims)
            expect(Buffer.from(values[s]!.data.slice().buffer).equals(Buffer.from(right.data.slice().buffer))).toBe(
              true,
            )
          }
          for (const [row, own] of model.entries()) {
            const right = slots.map((slot, s) => padded(slot, [own[s]!], 5))
            expect(cache.take(row, 5)).toEqual(right)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  function padded(slot: CacheSlot, rows: readonly Map<number, number[]>[], places: number): FloatValue {
    const { type, heads, headSize } = slot
    const length = rows.length * heads * places * headSize
    const data = type === 'float32' ? new Float32Array(length) : new Uint16Array(length)
    for (const [row, byPlace] of rows.entries()) {
      for (const [place, numbers] of byPlace) {
        if (place >= places) continue
        for (const [i, number] of numbers.entries()) {
          const head = Math.floor(i / headSize)
          data[((row * heads + head) * places + place) * headSize + (i % headSize)] = number
        }
      }
    }
    return floatValue(type, data, [rows.length, heads, places, headSize])
  }
})

describe('WaitingLine', () => {
  it('loses nobody, and lets nobody wait for more than four times those before it', () => {
    const arrival = fc.record({ priority: fc.integer({ min: -5, max: 5 }), takes: fc.integer({ min: 0, max: 2 }) })
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
        const line = new WaitingLine<{ ahead: number; taken: number }>(20)
        const inside: { ahead: number; taken: number }[] = []
        const take = (): void => {
          const next = line.take()
          if (next === undefined) {
            expect(inside).toEqual([])
            return
          }
          for (const one of inside) one.taken++
          expect(next.taken).toBeLessThanOrEqual(4 * (next.ahead + 1))
          inside.splice(inside.indexOf(next), 1)
        }
        for (const { priority, takes } of arrivals) {
          const one = { ahead: inside.length, taken: 0 }
          const entered = line.enter(one, priority)
          expect(entered).toBe(inside.length < 20)
          if (entered) inside.push(one)
          expect(line.length).toBe(inside.length)
          for (let i = 0; i < takes; i++) take()
        }
        while (inside.length > 0) take()
        expect(line.length).toBe(0)
      }),
    )
  })
})

describe('makeEventQueue', () => {
  it('gives out in order what comes before and while it is read', async () => {
    const queue = makeEventQueue<number>()
    queue.push(1)
    queue.push(2)
    setTimeout(() => {
      queue.push(3)
      queue.end()
      queue.push(4)
    }, 1)
    const read: number[] = []
    for await (const event of queue) read.push(event)
    expect(read).toEqual([1, 2, 3])
  })

  it('drops what has not been read where it fails, and fails once', async () => {
    const queue = makeEventQueue<number>()
    queue.push(1)
    queue.push(2)
    const read: number[] = []
    const reading = (async () => {
      for await (const event of queue) {
        read.push(event)
        queue.fail(new RangeError('first'))
        queue.fail(new RangeError('second'))
      }
    })()
    await expect(reading).rejects.toThrow('first')
    expect(read).toEqual([1])
  })
})
