import { type ErrorNames, errorNames424 } from './errorNames.ts'
import type { CallDefinition, EventDefinition } from './pallet.ts'
import type { StorageItem } from './storage.ts'

/**
 * Which of two or more ways a release of the chain does something. Pallets ask `state.face.rules`; nothing else in
 * them knows of releases.
 *
 * @see facts: subtensor-chain.md, the marks [393], [401+], [423+] and [425]; current-generation.md, 6
 */
export interface Rules {
  /** When epochs run: by the block number alone, or by the block of the last one. */
  readonly epochs: 'blockNumber' | 'lastEpoch'
  /** How neurons come in: a price set once an interval, or proof of work; or a price that halves and jumps. */
  readonly registration: 'interval' | 'halfLife'
  /** What a subnet's pool keeps: liquidity and the square root of its price, or the weights of a balancer. */
  readonly pools: 'liquidity' | 'balancer'
  /** What a subnet's share of the TAO emission follows, and what caps the alpha that goes with it. */
  readonly emission: 'taoFlow' | 'price'
  /** What the activity cutoff is counted in. */
  readonly activity: 'blocks' | 'tempos'
  /** Whether the event of a failed batch item says which subnet it was. */
  readonly batchFailures: 'error' | 'netuidAndError'
  /** Who may stake and burn in one call. */
  readonly stakeBurns: 'owner' | 'anyone'
  /** Whether stake may leave again in the block that it came in. */
  readonly unstaking: 'anyBlock' | 'laterBlock'
  /** Whether the subnet owner's hotkey may set weights without stake and permit. */
  readonly ownerSetsWeights: boolean
  /** Whether each neuron's rank, trust and pruning score are kept. */
  readonly scores: 'kept' | 'gone'
  /** Whether the pool turns weights away that come too soon, registrations that are too many, and takes. */
  readonly poolChecks: 'april' | 'june'
}

/** Rows of one pallet, by name. */
export interface PalletNames {
  readonly storage?: readonly string[]
  readonly calls?: readonly string[]
  readonly events?: readonly string[]
  readonly constants?: readonly string[]
}

/** Rows of one pallet that stand in place of, or beside, those that it declares. */
export interface PalletRows {
  readonly storage?: Readonly<Record<string, StorageItem>>
  readonly calls?: Readonly<Record<string, CallDefinition>>
  readonly events?: Readonly<Record<string, EventDefinition>>
}

/** A stretch of indices, first and last, and what to add to each of them. */
export type Shift = readonly [first: number, last: number, by: number]

/** How a release's layout differs from what the pallets declare, which is 424's. By pallet name. */
export interface Layout {
  /** What came later. Such storage is not kept either: reads give its default. */
  readonly later: Readonly<Record<string, PalletNames>>
  /** What went away, or was something else. */
  readonly own: Readonly<Record<string, PalletRows>>
  /** Indices of events that are others in the release. */
  readonly eventShifts: Readonly<Record<string, readonly Shift[]>>
  /** Items that the release keeps under another name and in another form: declared name → its own. */
  readonly standIns: Readonly<Record<string, StorageItem>>
  /** Runtime APIs and methods that came later: `Api` or `Api_method`. */
  readonly laterApis: readonly string[]
  /** Versions of runtime APIs that are others. */
  readonly apiVersions: Readonly<Record<string, number>>
}

/** Which release of the chain we look like: metadata, spec number and named rules hang on this alone. */
export interface Face {
  readonly specVersion: number
  /**
   * Whether metadata shows NetUid, TaoBalance and their like as named composites (spec 430 and later) or as plain
   * integers (393, 424). Bytes are the same. @see facts: current-generation.md, 1.2
   */
  readonly composites: boolean
  readonly rules: Rules
  /** All errors of the release, by pallet and index. */
  readonly errorNames: ErrorNames
  /** Absent where the layout is what the pallets declare. */
  readonly layout?: Layout
}

const rules: Rules = {
  epochs: 'lastEpoch',
  registration: 'halfLife',
  pools: 'balancer',
  emission: 'price',
  activity: 'tempos',
  batchFailures: 'netuidAndError',
  stakeBurns: 'anyone',
  unstaking: 'anyBlock',
  ownerSetsWeights: true,
  scores: 'gone',
  poolChecks: 'june',
}

/** The chain of July 2026: 424 layout with named composites, [425] rules. */
export const face430: Face = { specVersion: 430, composites: true, rules, errorNames: errorNames424 }

/** Storage that we have for SDK 11 although it came after 424. */
export const laterThan424 = ['CollateralLockShare', 'CollateralDrainRatio', 'SubnetEpochConsensus']

/** The last layout with bare integers, for SDK 10.3 to 10.5. */
export const face424: Face = {
  specVersion: 424,
  composites: false,
  rules,
  errorNames: errorNames424,
  layout: {
    later: { SubtensorModule: { storage: laterThan424 } },
    own: {},
    eventShifts: {},
    standIns: {},
    laterApis: [],
    apiVersions: {},
  },
}
