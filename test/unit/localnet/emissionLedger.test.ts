import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EmissionFact, emissionKinds } from '../../../src/localnet/emissionFact.ts'
import { EmissionLedger } from '../../../src/localnet/emissionLedger.ts'

const fact: fc.Arbitrary<EmissionFact> = fc.record({
  netuid: fc.constantFrom(1, 2, 3),
  kind: fc.constantFrom(...emissionKinds),
  // A remainder may be negative, where a childkey's burn takes more than was left over.
  amount: fc.bigInt(-1000n, 10n ** 15n),
})
// Long enough that rows are dropped and moved several times.
const chain = fc.array(fc.oneof(fc.constant([]), fc.array(fact, { maxLength: 4 })), { maxLength: 120 })

test('any stretch of kept blocks sums up as a plain list of facts does', () => {
  fc.assert(
    fc.property(chain, fc.nat(20), fc.nat(120), fc.nat(120), (blocks, keepBlocks, a, b) => {
      const ledger = new EmissionLedger({ keepBlocks, head: 0 })
      for (const facts of blocks) ledger.append(facts)
      const oldest = Math.max(0, blocks.length - keepBlocks)
      const within = (n: number): number => oldest + (n % (blocks.length - oldest + 1))
      const [from, to] = [within(a), within(b)].sort((x, y) => x - y) as [number, number]
      for (const netuid of [1, 2, 3, 4]) {
        const inside = blocks.slice(from, to).flat()
        const plain = emissionKinds.map((kind) => {
          const amounts = inside.filter((one) => one.netuid === netuid && one.kind === kind).map(({ amount }) => amount)
          return [kind, amounts.reduce((sum, amount) => sum + amount, 0n)]
        })
        expect(ledger.between(netuid, from, to)).toEqual(Object.fromEntries(plain))
      }
      if (oldest > 0) expect(() => ledger.between(1, oldest - 1, blocks.length)).toThrow(RangeError)
      expect(() => ledger.between(1, oldest, blocks.length + 1)).toThrow(RangeError)
    }),
    { numRuns: 300 },
  )
})

test('a long chain grows beyond its first rows', () => {
  const ledger = new EmissionLedger({ keepBlocks: 10_000, head: 0 })
  for (let i = 0; i < 2000; i++) ledger.append([{ netuid: 1, kind: 'issued', amount: 10n ** 9n }])
  expect(ledger.between(1, 0, 2000).issued).toBe(2000n * 10n ** 9n)
  expect(ledger.between(1, 700, 1300).issued).toBe(600n * 10n ** 9n)
})
