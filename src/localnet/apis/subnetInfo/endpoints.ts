import { storage } from '../../pallets/subtensor/storage.ts'
import type { axonInfo, prometheusInfo } from '../../pallets/subtensor/types.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'

const noPrometheus: ValueOf<typeof prometheusInfo> = { block: 0n, version: 0, ip: 0n, port: 0, ip_type: 0 }
const noAxon: ValueOf<typeof axonInfo> = { ...noPrometheus, protocol: 0, placeholder1: 0, placeholder2: 0 }

/** Where a neuron serves; all zeros where it never said. */
export function axonOf(state: State, netuid: number, hotkey: AccountId): ValueOf<typeof axonInfo> {
  return state.get(storage.Axons, netuid, hotkey) ?? noAxon
}

/** Where a neuron's metrics are; all zeros where it never said. */
export function prometheusOf(state: State, netuid: number, hotkey: AccountId): ValueOf<typeof prometheusInfo> {
  return state.get(storage.Prometheus, netuid, hotkey) ?? noPrometheus
}
