import type { Coldkey, Hotkey, Rao } from '../../base/units.ts'
import type { Chain } from '../../chain/connect.ts'
import { getAlphaPrice } from '../../chain/getAlphaPrice.ts'
import { getBlockTime } from '../../chain/getBlockTime.ts'
import { type AxonInfo, getMetagraph, type Metagraph, type Neuron } from '../../chain/getMetagraph.ts'
import { getNeuronDays, type NeuronDay } from '../../chain/getNeuronDays.ts'
import { getSlots, type Slots } from '../../chain/getSlots.ts'
import { getWeights } from '../../chain/getWeights.ts'
import { immunityLeftBlocks, type PruningNeuron, pruningOrder } from '../../chain/pruningOrder.ts'
import { type Weigher, weighersOf } from '../../chain/weighersOf.ts'
import { dayMs, emissionPerDay } from './emissionPerDay.ts'

/** How a neuron stands, from the chain alone. */
export interface MinerReport {
  readonly netuid: number
  readonly block: number
  readonly uid: number
  readonly hotkey: Hotkey
  readonly coldkey: Coldkey
  /** u16 fractions of 65535. */
  readonly incentive: number
  readonly consensus: number
  /** 1 is the highest incentive; equals share a rank. */
  readonly rank: number
  readonly neurons: number
  readonly emission: {
    /** Alpha of the last epoch. */
    readonly perEpoch: Rao
    /** Alpha and its worth in TAO at the price below, if every epoch were like the last; undefined for a new chain. */
    readonly perDay: { readonly alpha: Rao; readonly tao: Rao } | undefined
    /** TAO for one alpha in the subnet's pool. */
    readonly price: Rao
    /** The subnet owner's own neurons are not paid their incentive. */
    readonly isWithheld: boolean
  }
  /** One epoch of each earlier day, yesterday first; `isCut` where the node keeps no older state. */
  readonly history: { readonly days: readonly NeuronDay[]; readonly isCut: boolean }
  readonly tempoBlocks: number
  readonly blockMs: number | undefined
  readonly registeredAtBlock: number
  readonly immunityLeftBlocks: number
  readonly pruning: Pruning
  readonly axon: AxonInfo | undefined
  readonly weighers: readonly Weigher[]
}

export interface Pruning {
  /** Registrations that find a free place. */
  readonly freePlaces: number
  /** Its place among those that registrations replace then, from 1, and how many they are; undefined: it is safe. */
  readonly place: number | undefined
  readonly of: number
  /** The same once its immunity is over, its emission and all others as now; undefined where it has none or stays safe. */
  readonly placeAfterImmunity: number | undefined
}

/** @param find picks the neuron; undefined: it is not on the subnet */
export async function minerReport(
  chain: Chain,
  options: { netuid: number; days: number; find: (metagraph: Metagraph) => Neuron | undefined },
): Promise<MinerReport | undefined> {
  const { netuid, days, find } = options
  const metagraph = await getMetagraph(chain, { netuid })
  const neuron = find(metagraph)
  if (neuron === undefined) return undefined
  const { block, blockHash: at, neurons, tempoBlocks } = metagraph
  const [slots, price, blockMs, rows] = await Promise.all([
    getSlots(chain, { netuid, neurons: neurons.length, at }),
    getAlphaPrice(chain, { netuid, at }),
    getBlockTime(chain, { block, at }),
    getWeights(chain, { netuid }),
  ])
  const { uid, hotkey, coldkey, incentive, consensus, axon } = neuron
  const history =
    blockMs === undefined
      ? { days: [], isCut: false }
      : await getNeuronDays(chain, { netuid, uid, hotkey, block, dayBlocks: dayMs / blockMs, days })
  return {
    netuid,
    block,
    uid,
    hotkey,
    coldkey,
    incentive,
    consensus,
    rank: 1 + neurons.filter((other) => other.incentive > incentive).length,
    neurons: neurons.length,
    emission: {
      perEpoch: neuron.emission,
      perDay: emissionPerDay(neuron.emission, { tempoBlocks, blockMs, price }),
      price,
      isWithheld: coldkey === metagraph.ownerColdkey || hotkey === metagraph.ownerHotkey,
    },
    history,
    tempoBlocks,
    blockMs,
    registeredAtBlock: slots.registeredAtBlock[uid]!,
    ...standing(metagraph, slots, uid),
    axon,
    weighers: weighersOf({ ...slots, metagraph, rows, uid }),
  }
}

function standing(metagraph: Metagraph, slots: Slots, uid: number) {
  const neurons = metagraph.neurons.map(
    (neuron): PruningNeuron => ({ ...neuron, registeredAtBlock: slots.registeredAtBlock[neuron.uid]! }),
  )
  const state = { ...slots, ...metagraph, neurons }
  const left = immunityLeftBlocks(neurons[uid]!, state)
  const order = pruningOrder(state)
  // As if it had registered just long enough ago.
  const older = neurons.map((neuron) =>
    neuron.uid === uid ? { ...neuron, registeredAtBlock: neuron.registeredAtBlock - left } : neuron,
  )
  const later = left === 0 ? undefined : pruningOrder({ ...state, neurons: older })
  const pruning: Pruning = {
    freePlaces: Math.max(0, slots.maxNeurons - neurons.length),
    place: placeIn(order, uid),
    of: order.length,
    placeAfterImmunity: later === undefined ? undefined : placeIn(later, uid),
  }
  return { immunityLeftBlocks: left, pruning }
}

function placeIn(order: readonly number[], uid: number): number | undefined {
  const place = order.indexOf(uid)
  return place === -1 ? undefined : place + 1
}
