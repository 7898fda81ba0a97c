import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pool, PoolError, type PoolStatus } from '../../../src/localnet/pool.ts'
import type { AccountId, Hex32 } from '../../../src/localnet/scale/chainTypes.ts'
import type { SignedExtrinsic } from '../../../src/localnet/validity.ts'

const account = (n: number): AccountId => `0x${n.toString(16).padStart(64, '0')}`

/** An extrinsic is known by its account, nonce and tip alone; the pool looks at nothing else. */
function extrinsic(who: number, nonce: number, tip: number, size = 100): SignedExtrinsic {
  const hash: Hex32 = `0x${[who, nonce, tip, size].map((n) => n.toString(16).padStart(16, '0')).join('')}`
  const signed = {
    signer: account(who),
    signature: { type: 'Sr25519', 0: new Uint8Array(64) } as const,
    era: { type: 'Immortal' } as const,
    nonce,
    tip: BigInt(tip),
    checksMetadata: false,
    extra: new Uint8Array(),
  }
  const call = { pallet: 'System', name: 'remark', args: {} }
  return { hash, bytes: new Uint8Array(size), call, callBytes: new Uint8Array(), signed }
}

interface World {
  readonly pool: Pool
  readonly nonces: Map<AccountId, number>
  readonly heard: Map<Hex32, PoolStatus[]>
  clockMs: number
}

function makeWorld(limits: { ready?: number; future?: number; bytes?: number } = {}): World {
  const nonces = new Map<AccountId, number>()
  const heard = new Map<Hex32, PoolStatus[]>()
  const world: World = {
    nonces,
    heard,
    clockMs: 0,
    pool: new Pool({
      nonceOf: (who) => nonces.get(who) ?? 0,
      onStatus: (hash, status) => heard.set(hash, [...(heard.get(hash) ?? []), status]),
      nowMs: () => world.clockMs,
      limits,
    }),
  }
  return world
}

function submit({ pool }: World, who: number, nonce: number, tip = 0, deathBlock = Number.POSITIVE_INFINITY): Hex32 {
  const signed = extrinsic(who, nonce, tip)
  pool.submit({ extrinsic: signed, priority: BigInt(tip), deathBlock })
  return signed.hash
}

function failureOf(work: () => unknown): string {
  try {
    work()
    return 'ok'
  } catch (error) {
    if (error instanceof PoolError) return error.failure.code
    throw error
  }
}

/** Takes everything that a block would, in order. */
function selectAll({ pool }: World): Hex32[] {
  const selection = pool.select()
  const taken: Hex32[] = []
  for (let next = selection.next(); next !== undefined; next = selection.next()) {
    taken.push(next.extrinsic.hash)
    selection.taken(next)
  }
  return taken
}

test('a gap in the nonces makes the later ones wait, and filling it makes them ready', () => {
  const world = makeWorld()
  const second = submit(world, 1, 1)
  expect(world.heard.get(second)).toEqual(['future'])
  expect(world.pool.nextNonce(account(1))).toBe(0)
  expect(selectAll(world)).toEqual([])
  const first = submit(world, 1, 0)
  expect(world.heard.get(second)).toEqual(['future', 'ready'])
  expect(world.pool.nextNonce(account(1))).toBe(2)
  expect(selectAll(world)).toEqual([first, second])
})

test('more tip goes first, equal tips in order of arrival, and never past the own account', () => {
  const world = makeWorld()
  const a0 = submit(world, 1, 0, 1)
  const a1 = submit(world, 1, 1, 9)
  const b0 = submit(world, 2, 0, 5)
  const c0 = submit(world, 3, 0, 5)
  expect(selectAll(world)).toEqual([b0, c0, a0, a1])
})

test('only more priority replaces, and whoever is replaced hears by what', () => {
  const world = makeWorld()
  const old = submit(world, 1, 0, 3)
  expect(failureOf(() => submit(world, 1, 0, 3))).toBe('already-imported')
  expect(failureOf(() => submit(world, 1, 0, 2))).toBe('too-low-priority')
  const next = submit(world, 1, 0, 4)
  expect(world.heard.get(old)).toEqual(['ready', { usurped: next }])
  expect(world.heard.get(next)).toEqual(['ready'])
  expect([world.pool.readyCount, world.pool.futureCount]).toEqual([1, 0])
})

test('a rejected extrinsic is banned for half an hour, and those after it wait again', () => {
  const world = makeWorld()
  const [first, second] = [submit(world, 1, 0), submit(world, 1, 1)]
  world.pool.reject([first])
  expect(world.heard.get(first)).toEqual(['ready', 'invalid'])
  expect(world.heard.get(second)).toEqual(['ready', 'future'])
  expect(failureOf(() => submit(world, 1, 0))).toBe('temporarily-banned')
  world.clockMs = 30 * 60_000 + 1
  expect(failureOf(() => submit(world, 1, 0))).toBe('ok')
  expect(world.heard.get(second)).toEqual(['ready', 'future', 'ready'])
})

test('an extrinsic leaves when its era is over, one whose nonce was used by another too', () => {
  const world = makeWorld()
  const mortal = submit(world, 1, 0, 0, 8)
  const stale = submit(world, 2, 0, 0)
  const other = submit(world, 2, 1, 0)
  world.pool.advance(6, [])
  expect(world.heard.get(mortal)).toEqual(['ready'])
  world.nonces.set(account(2), 2)
  world.pool.advance(7, [other])
  expect(world.heard.get(mortal)).toEqual(['ready', 'invalid'])
  expect(world.heard.get(stale)).toEqual(['ready', 'invalid'])
  expect(world.heard.get(other)).toEqual(['ready'])
  expect([world.pool.readyCount, world.pool.futureCount]).toEqual([0, 0])
})

test('what an account that died had ready waits: its nonces begin again', () => {
  const world = makeWorld()
  const { pool } = world
  world.nonces.set(account(1), 5)
  const [last, later] = [submit(world, 1, 5), submit(world, 1, 6)]
  world.nonces.set(account(1), 0)
  pool.advance(1, [last])
  expect([pool.readyCount, pool.futureCount, pool.nextNonce(account(1))]).toEqual([0, 1, 0])
  expect(pool.has(later)).toBe(true)
  expect(pool.select().next()).toBeUndefined()
  const first = submit(world, 1, 0)
  expect(pool.select().next()?.extrinsic.hash).toBe(first)
})

test('a full pool takes only what offers more, at the cost of what offers least', () => {
  const world = makeWorld({ ready: 3, future: 2 })
  const cheap = submit(world, 1, 0, 1)
  submit(world, 2, 0, 2)
  submit(world, 3, 0, 3)
  expect(failureOf(() => submit(world, 4, 0, 1))).toBe('immediately-dropped')
  expect(failureOf(() => submit(world, 4, 0, 2))).toBe('ok')
  expect(world.heard.get(cheap)).toEqual(['ready', 'dropped'])
  submit(world, 5, 7)
  submit(world, 5, 8)
  expect(failureOf(() => submit(world, 5, 9, 100))).toBe('immediately-dropped')
  const small = makeWorld({ bytes: 250 })
  submit(small, 1, 0)
  submit(small, 2, 0)
  expect(failureOf(() => submit(small, 3, 0))).toBe('immediately-dropped')
})

type Step =
  | { readonly do: 'submit'; who: number; nonce: number; tip: number; death: number }
  | { readonly do: 'block'; count: number }
  | { readonly do: 'reject'; index: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      who: fc.nat(3),
      nonce: fc.nat(6),
      tip: fc.nat(2),
      death: fc.nat(12),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('block' as const), count: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), index: fc.nat(5) }) },
)

test('whatever happens, ready means no gap, and counts, order and next nonces agree with a plain model', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = makeWorld({ ready: 8, future: 6 })
      const { pool, nonces, heard } = world
      let block = 0
      for (const action of steps) {
        if (action.do === 'submit') {
          if (action.nonce < (nonces.get(account(action.who)) ?? 0)) continue
          const death = action.death === 0 ? Number.POSITIVE_INFINITY : block + 1 + action.death
          failureOf(() => submit(world, action.who, action.nonce, action.tip, death))
        } else if (action.do === 'reject') {
          const hash = selectAll(world)[action.index]
          if (hash !== undefined) pool.reject([hash])
        } else {
          const taken = selectAll(world).slice(0, action.count)
          const inside = pool.extrinsics().filter(({ hash }) => taken.includes(hash))
          for (const { signed } of inside) {
            nonces.set(signed!.signer, Math.max(nonces.get(signed!.signer) ?? 0, signed!.nonce + 1))
          }
          pool.advance(++block, taken)
        }
        const all = pool.extrinsics().map(({ signed, hash }) => ({ who: signed!.signer, nonce: signed!.nonce, hash }))
        const ready: Hex32[] = []
        for (const who of new Set(all.map((one) => one.who))) {
          let nonce = nonces.get(who) ?? 0
          for (;;) {
            const found = all.filter((one) => one.who === who && one.nonce === nonce)
            expect(found.length).toBeLessThanOrEqual(1)
            if (found.length === 0) break
            ready.push(found[0]!.hash)
            nonce++
          }
          expect(pool.nextNonce(who)).toBe(nonce)
          for (const one of all) expect(one.nonce).toBeGreaterThanOrEqual(nonces.get(one.who) ?? 0)
        }
        expect(pool.readyCount).toBe(ready.length)
        expect(pool.futureCount).toBe(all.length - ready.length)
        expect(pool.readyCount).toBeLessThanOrEqual(8 + 6)
        expect(selectAll(world).toSorted()).toEqual(ready.toSorted())
        // The last word on everything in the pool is whether it is ready.
        for (const { hash } of all) expect(heard.get(hash)!.at(-1)).toBe(ready.includes(hash) ? 'ready' : 'future')
      }
    }),
    { numRuns: 300 },
  )
})
