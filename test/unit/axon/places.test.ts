import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Places, type Waiting } from '../../../src/axon/places.ts'

class Ticket implements Waiting {
  readonly hotkey: string
  readonly number: number
  readonly #started: Ticket[]

  constructor(hotkey: string, number: number, started: Ticket[]) {
    this.hotkey = hotkey
    this.number = number
    this.#started = started
  }

  start(): void {
    this.#started.push(this)
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
            const fits = started.length - released < running || inLine.size < waiting
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
