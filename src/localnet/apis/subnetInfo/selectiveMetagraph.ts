import { subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import { accountId, netUid } from '../../scale/chainTypes.ts'
import {
  compact,
  type Fields,
  option,
  type ScaleType,
  struct,
  tuple,
  u16,
  type ValueOf,
  vec,
} from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { commitmentsOf } from './commitments.ts'
import { compactBytes } from './compactBytes.ts'
import { field, type MetagraphField } from './metagraphField.ts'
import { metagraphFields } from './metagraphFields.ts'
import { type SubnetView, stakeWeightsOf, subnetView } from './subnetView.ts'

/** Uids with a permit and more than the stake threshold, least stake first. */
function validators({ state, netuid }: SubnetView): number[] {
  const permits = state.get(storage.ValidatorPermit, netuid)
  const threshold = state.get(storage.StakeThreshold) << 32n
  return [...state.entries(storage.Keys, netuid)]
    .filter(([[, uid]]) => permits[uid] === true)
    .map(([[, uid], hotkey]) => ({ uid, stake: stakeWeightsOf(state, hotkey, netuid).total }))
    .sort((a, b) => (a.stake < b.stake ? -1 : a.stake > b.stake ? 1 : 0))
    .filter(({ stake }) => stake > threshold)
    .map(({ uid }) => uid)
}

const { netuid: _always, ...optionalFields } = metagraphFields

/** What a caller may choose, by name; the netuid, number 0, stands before them. */
const choices: Readonly<Record<string, MetagraphField>> = {
  ...optionalFields,
  validators: field(vec(compact(u16)), validators),
  commitments: field(vec(tuple(accountId, compactBytes)), ({ state, netuid }) => commitmentsOf(state, netuid)),
}
const names = Object.keys(choices)

/** `Option<T>` whose Some is a box, since a chosen identity may itself be None. */
function chosen<T>(type: ScaleType<T>): ScaleType<{ readonly value: T } | undefined> {
  const box: ScaleType<{ readonly value: T }> = {
    ...type,
    encode: ({ value }, out) => type.encode(value, out),
    decode: (input) => ({ value: type.decode(input) }),
  }
  return option(box)
}

const choiceTypes: Fields = Object.fromEntries(names.map((name) => [name, chosen(choices[name]!.type)]))

export const selectiveMetagraph = struct('pallet_subtensor::rpc_info::metagraph::SelectiveMetagraph', {
  netuid: compact(netUid),
  ...choiceTypes,
})

type SelectiveMetagraph = ValueOf<typeof selectiveMetagraph>

/** Field numbers are places in the struct; numbers that no field has are passed over. */
function choose(view: SubnetView, indices: readonly number[], netuid: number): SelectiveMetagraph {
  const values: Record<string, unknown> = {}
  for (const index of indices) {
    const name = names[index - 1]
    if (name !== undefined) values[name] ??= { value: choices[name]!.read(view) }
  }
  return { ...values, netuid }
}

/**
 * The chosen fields of a subnet's metagraph, the others None. The netuid reads 0 where it is not chosen.
 *
 * @returns `undefined` for a subnet that does not exist
 */
export function readSelectiveMetagraph(
  state: State,
  netuid: number,
  indices: readonly number[],
): SelectiveMetagraph | undefined {
  if (!subnetExists(state, netuid)) return undefined
  return choose(subnetView(state, netuid), indices, indices.includes(0) ? netuid : 0)
}

/** The same with a mechanism's own vectors, empty ones where there is no such mechanism; the netuid is always there. */
export function readSelectiveMechagraph(
  state: State,
  netuid: number,
  mecid: number,
  indices: readonly number[],
): SelectiveMetagraph | undefined {
  return subnetExists(state, netuid) ? choose(subnetView(state, netuid, mecid), indices, netuid) : undefined
}
