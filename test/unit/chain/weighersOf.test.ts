import { expect, test } from 'vitest'
import type { Coldkey, Hotkey, Rao } from '../../../src/base/units.ts'
import type { Neuron } from '../../../src/chain/getMetagraph.ts'
import { weighersOf } from '../../../src/chain/weighersOf.ts'

const neuron = (uid: number, more: Partial<Neuron> = {}): Neuron => ({
  uid,
  hotkey: `hotkey ${uid}` as Hotkey,
  coldkey: 'coldkey' as Coldkey,
  active: true,
  validatorPermit: true,
  incentive: 0,
  dividends: 0,
  consensus: 0,
  validatorTrust: 0,
  emission: 0n as Rao,
  alphaStake: 0n as Rao,
  rootStake: 0n as Rao,
  lastUpdate: 90n,
  axon: undefined,
  certificate: undefined,
  ...more,
})

const neurons = [
  neuron(0, { alphaStake: 5n as Rao, validatorTrust: 60_000 }),
  neuron(1, { alphaStake: 9n as Rao }),
  neuron(2, { lastUpdate: 10n }),
  neuron(3, { validatorPermit: false }),
  neuron(4, { active: false, rootStake: 100n as Rao }),
  neuron(5, { consensus: 32_766 }),
  neuron(6),
  neuron(7, { hotkey: 'owner' as Hotkey, validatorPermit: false, lastUpdate: 99n }),
]
const half: [number, number][] = [
  [5, 65_535],
  [6, 65_535],
]

test("a miner's weighers are the largest first, each with its share and whether that counted", () => {
  const weighers = weighersOf({
    metagraph: { block: 100, neurons, ownerHotkey: 'owner' as Hotkey },
    rows: [
      { uid: 0, weights: half },
      // What it gives itself is no part of what counts.
      {
        uid: 1,
        weights: [
          [1, 65_535],
          [5, 60_000],
          [6, 20_000],
        ],
      },
      { uid: 2, weights: half },
      { uid: 3, weights: half },
      { uid: 4, weights: half },
      { uid: 5, weights: half },
      { uid: 6, weights: [[0, 65_535]] },
      { uid: 7, weights: [[5, 65_535]] },
    ],
    registeredAtBlock: [0, 0, 0, 0, 0, 50, 0, 0],
    // Half an alpha for each TAO.
    taoWeight: 2n ** 63n,
    uid: 5,
  })
  expect(weighers.map(({ uid, stake, share, counted }) => [uid, Number(stake), share, counted])).toEqual([
    [4, 50, 0.5, 'inactive'],
    [1, 9, 0.75, 'clipped'],
    [0, 5, 0.5, 'whole'],
    [2, 0, 0, 'before-registration'],
    [3, 0, 0.5, 'no-permit'],
    [5, 0, 0, 'self'],
    [6, 0, 0, 'none'],
    [7, 0, 1, 'clipped'],
  ])
  expect(weighers.find(({ uid }) => uid === 0)).toMatchObject({ validatorTrust: 60_000, ageBlocks: 10 })
})
