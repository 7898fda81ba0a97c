import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Places, type Waiting } from '../../../src/axon/places.ts'

class Ticket implements Waiting {
  readonly hotkey: string
  readonly number: number
  readonly weight: number
  readonly #started: Ticket[]

  constructor(hotkey: string, number: number, started: Ticket[], weight = 1) {
    this.hotkey = hotkey
    this.number = number
    this.weight = weight
    this.#started = started
  }

  start(): void {
    this.#started.push(this)
  }

  /** As an axon's ask does: it leaves the line. */
  onDisplaced = (): void => undefined
  displace(): void {
    this.onDisplaced()
  }
}

test('callers take turns, and one caller’s asks keep their order', () => {
  const started: Ticket[] = []
  const places = new Places({ maxRunning: 1, maxWaiting: 100 })
  for (let i = 0; i < 4; i++) places.enter(new Ticket('greedy', i, started))
  places.enter(new Ticket('modest', 0, started))
  places.enter(new Ticket('late', 0, started))
  for (let i = 0; i < 5; i++) places.release()
  expect(started.map(({ hotkey, number }) => `${hotkey} ${number}`)).toEqual([
    'greedy 0',
    'greedy 1',
    'modest 0',
    'late 0',
    'greedy 2',
    'greedy 3',
  ])
})

test('whatever comes and goes: counts are right, bounds hold, nobody starts twice or is forgotten', () => {
  const step = fc.record({
    what: fc.constantFrom('enter' as const, 'enter' as const, 'release' as const, 'leave' as const),
    who: fc.constantFrom('a', 'b', 'c'),
    which: fc.nat(),
  })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(4),
      (steps, running, waiting) => {
        const started: Ticket[] = []
        const places = new Places({ maxRunning: running, maxWaiting: waiting })
        const inLine = new Set<Ticket>()
        let released = 0
        for (const [number, { what, who, which }] of steps.entries()) {
          if (what === 'enter') {
            const ticket = new Ticket(who, number, started)
            const countOf = (hotkey: string): number => [...inLine].filter((other) => other.hotkey === hotkey).length
            const isLonger = ['a', 'b', 'c'].some((other) => countOf(other) > countOf(who) + 1)
            const fits = started.length - released < running || inLine.size < waiting || isLonger
            ticket.onDisplaced = () => {
              inLine.delete(ticket)
              places.leave(ticket)
            }
            expect(places.enter(ticket)).toBe(fits)
            if (fits) inLine.add(ticket)
          } else if (what === 'release' && started.length > released) {
            released++
            places.release()
          } else if (what === 'leave' && inLine.size > 0) {
            const ticket = [...inLine][which % inLine.size]!
            inLine.delete(ticket)
            places.leave(ticket)
            places.leave(ticket)
          }
          for (const ticket of started) inLine.delete(ticket)
          expect(places.running).toBe(started.length - released)
          expect(places.waiting).toBe(inLine.size)
          // A free place and somebody waiting never come together.
          expect(places.running < running && places.waiting > 0).toBe(false)
        }
        while (places.running > 0) places.release()
        expect(new Set(started).size).toBe(started.length)
        expect(places.waiting).toBe(0)
      },
    ),
  )
})

/** Weights of 1 to 1,000, as of hotkeys with much stake and with none. */
const weights = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 12 })

test('hotkeys that always wait get turns in proportion to their weights', () => {
  fc.assert(
    fc.property(weights, (weights) => {
      const started: Ticket[] = []
      const places = new Places({ maxRunning: 1, maxWaiting: 100_000 })
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const enter = (who: number): boolean => places.enter(new Ticket(String(who), 0, started, weights[who]!))
      for (const who of weights.keys()) for (let i = 0; i < 3; i++) enter(who)
      started.length = 0
      // Twice as many turns as the weights add up to: twice its weight is each one's due.
      for (let turn = 0; turn < 2 * total; turn++) {
        places.release()
        enter(Number(started.at(-1)!.hotkey))
      }
      for (const [who, weight] of weights.entries()) {
        const turns = started.filter(({ hotkey }) => hotkey === String(who)).length
        expect(Math.abs(turns - 2 * weight)).toBeLessThanOrEqual(2)
      }
    }),
    { numRuns: 30 },
  )
})

test('nobody starves: not the lightest beside heavy ones, nor any beside hotkeys that come anew for ever', () => {
  const started: Ticket[] = []
  const places = new Places({ maxRunning: 1, maxWaiting: 10_000 })
  places.enter(new Ticket('first', 0, started))
  for (let i = 0; i < 10; i++) places.enter(new Ticket('heavy', i, started, 100))
  places.enter(new Ticket('light', 0, started, 1))
  let turns = 0
  while (started.at(-1)!.hotkey !== 'light') {
    places.enter(new Ticket(`new ${turns}`, 0, started, 50))
    places.enter(new Ticket('heavy', 10 + turns, started, 100))
    places.release()
    expect(++turns).toBeLessThan(4_000)
  }
})

test('asks that are sent one by one get no more turns than asks that wait together', () => {
  const started: Ticket[] = []
  const places = new Places({ maxRunning: 1, maxWaiting: 1_000 })
  for (let i = 0; i < 900; i++) places.enter(new Ticket('heavy', i, started, 9))
  places.enter(new Ticket('one by one', 0, started, 1))
  for (let turn = 0; turn < 500; turn++) {
    places.release()
    if (started.at(-1)!.hotkey === 'one by one') places.enter(new Ticket('one by one', turn, started, 1))
  }
  const own = started.filter(({ hotkey }) => hotkey === 'one by one').length
  expect(own).toBeGreaterThanOrEqual(48)
  expect(own).toBeLessThanOrEqual(51)
})

test('new limits fill the places that are new, and take none away', () => {
  const started: Ticket[] = []
  const places = new Places({ maxRunning: 1, maxWaiting: 10 })
  for (let i = 0; i < 6; i++) places.enter(new Ticket('a', i, started))
  places.configure({ maxRunning: 3, maxWaiting: 10 })
  expect([places.running, places.waiting]).toEqual([3, 3])
  places.configure({ maxRunning: 1, maxWaiting: 0 })
  expect(places.enter(new Ticket('b', 0, started))).toBe(false)
  places.release()
  places.release()
  expect([places.running, places.waiting]).toEqual([1, 3])
  places.release()
  expect([places.running, places.waiting]).toEqual([1, 2])
})

test('the order stays right with a thousand hotkeys', () => {
  const started: Ticket[] = []
  const places = new Places({ maxRunning: 1, maxWaiting: 10_000 })
  const hotkeys = Array.from({ length: 1_000 }, (_, i) => ({ name: `h${i}`, weight: 1 + ((i * 7_919) % 1_000) }))
  places.enter(new Ticket('first', 0, started))
  for (const { name, weight } of hotkeys) places.enter(new Ticket(name, 0, started, weight))
  for (let i = 0; i < 1_000; i++) places.release()
  const got = started.slice(1).map(({ weight }) => weight)
  expect(got).toEqual(hotkeys.map(({ weight }) => weight).toSorted((a, b) => b - a))
})

test('a full line makes room for who has fewer in it for its weight, at the cost of who has most', () => {
  const started: Ticket[] = []
  const displaced: string[] = []
  const places = new Places({ maxRunning: 1, maxWaiting: 20 })
  const enter = (who: string, number: number, weight = 1): boolean => {
    const ticket = new Ticket(who, number, started, weight)
    ticket.onDisplaced = () => {
      displaced.push(`${who} ${number}`)
      places.leave(ticket)
    }
    return places.enter(ticket)
  }
  enter('first', 0)
  for (let i = 0; i < 8; i++) enter('flood', i)
  for (let i = 0; i < 12; i++) enter('heavy flood', i, 3)
  // Twelve at weight 3 are as four at weight 1.
  expect([enter('flood', 8), enter('honest', 0), enter('honest', 1), enter('honest', 2)]).toEqual([
    false,
    true,
    true,
    true,
  ])
  expect(displaced).toEqual(['flood 0', 'flood 1', 'flood 2'])
  expect(places.waiting).toBe(20)
})
