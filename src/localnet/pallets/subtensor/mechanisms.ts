import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { storage } from './storage.ts'

/** Key under which a mechanism's weights, bonds, incentive, updates and commits are stored. */
export function storageIndex(netuid: number, mecid: number): number {
  return mecid * 4096 + netuid
}

/** The subnet that a storage index belongs to. */
export function netuidOf(index: number): number {
  return index % 4096
}

/** Storage indices of all mechanisms of a subnet. */
export function storageIndices(state: State, netuid: number): number[] {
  return Array.from({ length: state.get(storage.MechanismCountCurrent, netuid) }, (_, mecid) =>
    storageIndex(netuid, mecid),
  )
}

export function subnetExists(state: State, netuid: number): boolean {
  return state.get(storage.NetworksAdded, netuid)
}

/** @throws DispatchFailure MechanismDoesNotExist */
export function requireMechanism(state: State, netuid: number, mecid: number): void {
  if (!subnetExists(state, netuid) || mecid >= state.get(storage.MechanismCountCurrent, netuid)) {
    throw errors.MechanismDoesNotExist()
  }
}

/** Netuids of all subnets, root among them, in storage order. */
export function netuids(state: State): number[] {
  return [...state.entries(storage.NetworksAdded)].map(([[netuid]]) => netuid)
}

/** The same without root, which has neither token nor epochs. */
export function subnetsBesideRoot(state: State): number[] {
  return netuids(state).filter((netuid) => netuid !== 0)
}
