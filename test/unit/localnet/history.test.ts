import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChainData } from '../../../src/localnet/chainData.ts'
import { History } from '../../../src/localnet/history.ts'

const keyTexts = ['0x00', '0x01', '0x0100', '0x01ff', '0x0200', '0x02', '0xff'] as const
const keepBlocks = 5
const changesArbitrary = fc.array(fc.tuple(fc.constantFrom(...keyTexts), fc.option(fc.uint8Array({ maxLength: 4 }))), {
  maxLength: 6,
})
const stateArbitrary = fc.tuple(changesArbitrary, fc.array(changesArbitrary, { maxLength: 25 }))

type Model = ReadonlyMap<string, string>

function applied(model: Model, changes: readonly (readonly [string, Uint8Array | null])[]): Model {
  const next = new Map(model)
  for (const [key, value] of changes) {
    if (value === null) next.delete(key)
    else next.set(key, Buffer.from(value).toString('hex'))
  }
  return next
}

function read(state: { get(key: string): Uint8Array | undefined; keys(prefix: string): Iterable<string> }): Model {
  const keys = [...state.keys('0x')]
  expect(keys).toEqual(keys.toSorted())
  return new Map(keys.map((key) => [key, Buffer.from(state.get(key)!).toString('hex')]))
}

const sorted = (model: Model): [string, string][] => [...model].sort(([a], [b]) => (a < b ? -1 : 1))

test('every kept block reads as a plain list of whole states does', () => {
  fc.assert(
    fc.property(stateArbitrary, ([genesis, blocks]) => {
      const history = new History(new Map(genesis), { keepBlocks })
      const model: Model[] = [applied(new Map(), [...new Map(genesis)])]
      for (const changes of blocks) {
        const block = new Map(changes)
        const before = model.at(-1)!
        const after = applied(before, [...block])
        model.push(after)
        const changed = history.commit(block)
        const expected = [...block.keys()].filter((key) => before.get(key) !== after.get(key))
        expect(changed.toSorted()).toEqual(expected.toSorted())
      }
      expect(history.head).toBe(blocks.length)
      expect(history.oldest).toBe(Math.max(0, blocks.length - keepBlocks))
      for (let block = history.oldest; block <= history.head; block++) {
        expect(sorted(read(history.at(block)))).toEqual(sorted(model[block]!))
        for (const key of keyTexts) {
          const value = history.at(block).get(key)
          expect(value && Buffer.from(value).toString('hex')).toBe(model[block]!.get(key))
        }
        expect([...history.at(block).keys('0x01', '0x0100')]).toEqual(
          [...model[block]!.keys()].filter((key) => key.startsWith('0x01') && key >= '0x0100').sort(),
        )
      }
      for (const key of keyTexts) {
        const expected = []
        for (let block = history.oldest + 1; block <= history.head; block++) {
          if (model[block]!.get(key) !== model[block - 1]!.get(key)) expected.push(block)
        }
        expect(history.changesOf(key, history.oldest, history.head)).toEqual(expected)
      }
      if (history.oldest > 0) expect(() => history.at(history.oldest - 1)).toThrow(RangeError)
      expect(() => history.at(history.head + 1)).toThrow(RangeError)
    }),
    { numRuns: 300 },
  )
})

const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), changes: changesArbitrary }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('amend' as const), changes: changesArbitrary }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mark' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rewind' as const), to: fc.nat(20) }) },
)

test('histories in layers, with edits between blocks, read as whole states do, whatever is gone back to', () => {
  fc.assert(
    fc.property(changesArbitrary, fc.array(stepArbitrary, { maxLength: 40 }), (genesis, steps) => {
      let history = new History(new Map(genesis), { keepBlocks })
      /** State of each block, the newest last. */
      let models: Model[] = [applied(new Map(), [...new Map(genesis)])]
      const marks: { history: History; models: Model[] }[] = []
      for (const step of steps) {
        if (step.kind === 'mark') {
          const marked = history.unwritten
          marks.push({ history: marked, models })
          if (marked === history) history = history.layer()
        } else if (step.kind === 'rewind') {
          const at = step.to % Math.max(1, marks.length)
          const mark = marks[at]
          if (mark === undefined) continue
          marks.length = at + 1
          history = mark.history.layer()
          models = mark.models
        } else {
          const changes = new Map(step.changes)
          const before = models.at(-1)!
          const after = applied(before, [...changes])
          const changed = step.kind === 'commit' ? history.commit(changes) : history.amend(changes)
          const expected = [...changes.keys()].filter((key) => before.get(key) !== after.get(key))
          expect(changed.toSorted()).toEqual(expected.toSorted())
          models = [...(step.kind === 'commit' ? models : models.slice(0, -1)), after]
        }
        expect(history.head).toBe(models.length - 1)
        for (let block = history.oldest; block <= history.head; block++) {
          expect(sorted(read(history.at(block)))).toEqual(sorted(models[block]!))
        }
        const state = sorted(models.at(-1)!).map(([key, value]): [string, Buffer] => [key, Buffer.from(value, 'hex')])
        expect(history.root).toBe(new History(new Map(state), { keepBlocks }).root)
      }
    }),
    { numRuns: 300 },
  )
})

test('equal states have equal roots whichever way they came about, different states different ones', () => {
  fc.assert(
    fc.property(stateArbitrary, ([genesis, blocks]) => {
      const history = new History(new Map(genesis), { keepBlocks })
      const roots = new Map<string, string>()
      for (const changes of blocks) {
        history.commit(new Map(changes))
        const state = sorted(read(history))
        const direct = new History(
          new Map(state.toReversed().map(([key, value]) => [key, Buffer.from(value, 'hex')])),
          {
            keepBlocks,
          },
        )
        expect(history.root).toBe(direct.root)
        roots.set(JSON.stringify(state), history.root)
      }
      expect(new Set(roots.values()).size).toBe(roots.size)
    }),
    { numRuns: 100 },
  )
})

test('keys that no kept block has are forgotten, and memory stays within bounds', () => {
  const keep = 50
  const history = new History(new Map(), { keepBlocks: keep })
  const value = Uint8Array.of(1, 2, 3, 4)
  for (let block = 1; block <= 2_000; block++) {
    history.commit(
      new Map([
        [`0x${block.toString(16).padStart(8, '0')}`, value],
        [`0x${(block - 10).toString(16).padStart(8, '0')}`, null],
        ['0xff', Uint8Array.of(block & 0xff, block >> 8)],
      ]),
    )
  }
  expect([...history.keys('0x')]).toHaveLength(11)
  expect([...history.at(history.oldest).keys('0x')]).toHaveLength(11)
  // At most 3 cells of at most 2 + 1 + 4 bytes each.
  expect(history.undoBytes).toBeLessThanOrEqual(keep * 3 * 8)
})

test('taking a snapshot and going back to it over and over lays no layer on layer', () => {
  const zero = `0x${'00'.repeat(32)}` as const
  const header = { parent_hash: zero, number: 0, state_root: zero, extrinsics_root: zero, digest: { logs: [] } }
  const genesis = { hash: zero, header, extrinsics: [] }
  const state = new Map([['0x01', Uint8Array.of(1)]])
  const chain = new ChainData({ genesis, head: genesis, timestampMs: 0, state }, { keepBlocks })
  const first = chain.mark()
  for (let time = 0; time < 50_000; time++) {
    const mark = chain.mark()
    chain.amend(new Map([['0x01', Uint8Array.of(2)]]))
    chain.rewind(mark)
  }
  // Each layer would be one more call.
  expect(chain.history.get('0x01')).toEqual(Uint8Array.of(1))
  expect(chain.mark().history).toBe(first.history)
})

test('where the state under it cannot be read, no half of a block or an edit is left', () => {
  let isSilent = true
  const under = {
    get: (key: string): Uint8Array | undefined => {
      if (isSilent && key === '0x02') throw new Error('silent')
      return undefined
    },
    keys: () => [],
  }
  const history = new History(new Map([['0x01', Uint8Array.of(1)]]), { keepBlocks, under })
  const { root } = history
  const changes = new Map([
    ['0x01', Uint8Array.of(9)],
    ['0x02', Uint8Array.of(9)],
  ])
  expect(() => history.commit(changes)).toThrow('silent')
  expect(() => history.amend(changes)).toThrow('silent')
  expect([history.head, history.root, history.get('0x01')]).toEqual([0, root, Uint8Array.of(1)])
  isSilent = false
  expect(history.commit(changes)).toEqual(['0x01', '0x02'])
  expect(history.at(0).get('0x01')).toEqual(Uint8Array.of(1))
  expect([history.head, history.get('0x02')]).toEqual([1, Uint8Array.of(9)])
})
