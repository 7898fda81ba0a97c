import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PruningNeuron, type PruningState, pruningOrder } from '../../../src/chain/pruningOrder.ts'

const state = (neurons: readonly Partial<PruningNeuron>[], more: Partial<PruningState> = {}): PruningState => ({
  block: 1_000,
  neurons: neurons.map((neuron, uid) => ({
    uid,
    hotkey: `hotkey ${uid}`,
    coldkey: 'miner',
    emission: 0n,
    registeredAtBlock: 0,
    ...neuron,
  })),
  ownerHotkey: 'owner hotkey',
  ownerColdkey: 'owner',
  immunityBlocks: 100,
  minNonImmune: 0,
  spared: 1,
  ...more,
})

describe('the order in which registrations replace neurons', () => {
  test('is by emission, then age, then uid', () => {
    const neurons = [{ emission: 2n }, { registeredAtBlock: 5 }, { registeredAtBlock: 4 }, { registeredAtBlock: 4 }]
    expect(pruningOrder(state(neurons))).toEqual([2, 3, 1, 0])
  })

  test('spares the owner, its named hotkey first', () => {
    const neurons = [{ coldkey: 'owner' }, { hotkey: 'owner hotkey', coldkey: 'owner', registeredAtBlock: 9 }, {}]
    expect(pruningOrder(state(neurons))).toEqual([0, 2])
    expect(pruningOrder(state(neurons, { ownerHotkey: 'gone' }))).toEqual([2, 1])
    expect(pruningOrder(state(neurons, { spared: 2 }))).toEqual([2])
  })

  test('takes the immune when too few others are left, and only those that newcomers do not undercut', () => {
    const young = { registeredAtBlock: 950 }
    const neurons = [{}, { emission: 1n }, young, { ...young, emission: 1n }]
    expect(pruningOrder(state(neurons))).toEqual([0, 1, 2])
    expect(pruningOrder(state(neurons, { minNonImmune: 1 }))).toEqual([0, 2])
    expect(pruningOrder(state([{}, { ...young, emission: 1n }], { minNonImmune: 1 }))).toEqual([1])
  })

  test('is what one registration after another does', () => {
    const neuron = fc.record({
      emission: fc.bigInt({ min: 0n, max: 3n }),
      registeredAtBlock: fc.integer({ min: 890, max: 1_000 }),
      coldkey: fc.constantFrom('owner', 'miner'),
    })
    const input = fc.record({
      neurons: fc.array(neuron, { maxLength: 8 }),
      minNonImmune: fc.integer({ min: 0, max: 3 }),
      spared: fc.integer({ min: 0, max: 2 }),
    })
    fc.assert(
      fc.property(input, ({ neurons, ...more }) => {
        const from = state(neurons, more)
        expect(pruningOrder(from)).toEqual(oneAfterAnother(from))
      }),
    )
  })
})

/** The chain's rule for one registration, again and again until a newcomer would go. */
function oneAfterAnother(from: PruningState): number[] {
  let neurons = [...from.neurons]
  const gone: number[] = []
  const owned = neurons
    .filter(({ coldkey }) => coldkey === 'owner')
    .sort((a, b) => a.registeredAtBlock - b.registeredAtBlock || a.uid - b.uid)
    .slice(0, from.spared)
  while (true) {
    const rest = neurons.filter((neuron) => !owned.includes(neuron))
    const isOpen = (neuron: PruningNeuron): boolean => from.block - neuron.registeredAtBlock >= from.immunityBlocks
    const open = rest.filter(isOpen)
    const [next] = (open.length > from.minNonImmune ? open : rest.filter((neuron) => !isOpen(neuron))).sort(
      (a, b) => Number(a.emission - b.emission) || a.registeredAtBlock - b.registeredAtBlock || a.uid - b.uid,
    )
    if (next === undefined || next.hotkey === 'newcomer') return gone
    gone.push(next.uid)
    const newcomer = { uid: next.uid + 1_000, hotkey: 'newcomer', coldkey: 'miner', emission: 0n }
    neurons = [...neurons.filter((neuron) => neuron !== next), { ...newcomer, registeredAtBlock: from.block }]
  }
}
