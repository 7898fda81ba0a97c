import { call, signer } from '../../pallet.ts'
import { type AccountId, accountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { createHotkey } from './hotkeys.ts'
import { subnetExists } from './mechanisms.ts'
import { storage } from './storage.ts'
import { appendNeuron, replaceNeuron } from './uids.ts'

const root = 0
/** 18 %, in parts of 65535. */
const rootTake = 11_796

/** The root uid with the least stake, the first of equals in storage order, and that stake in rao. */
function weakestRootUid(state: State): { uid: number; stake: bigint } {
  let weakest = { uid: 0, stake: (1n << 64n) - 1n }
  for (const [[, uid], hotkey] of state.entries(storage.Keys, root)) {
    const stake = state.get(storage.TotalHotkeyAlpha, hotkey, root)
    if (stake < weakest.stake) weakest = { uid, stake }
  }
  return weakest
}

function placeOnRoot(state: State, hotkey: AccountId, block: number): number {
  if (state.get(storage.SubnetworkN, root) < state.get(storage.MaxAllowedUids, root)) {
    return appendNeuron(state, root, hotkey, block)
  }
  const { uid, stake } = weakestRootUid(state)
  if (stake >= state.get(storage.TotalHotkeyAlpha, hotkey, root)) throw errors.StakeTooLowForRoot()
  replaceNeuron(state, root, uid, hotkey, block)
  return uid
}

export const rootRegistrationCalls = {
  /** @see facts: subtensor-chain.md, (d) root_register */
  root_register: call(62, { hotkey: accountId }, (context, { hotkey }) => {
    const { state } = context
    if (!subnetExists(state, root)) throw errors.RootNetworkDoesNotExist()
    const coldkey = signer(context)
    if (state.get(storage.RegistrationsThisBlock, root) >= state.get(storage.MaxRegistrationsPerBlock, root)) {
      throw errors.TooManyRegistrationsThisBlock()
    }
    const intervalLimit = 3 * state.get(storage.TargetRegistrationsPerInterval, root)
    if (state.get(storage.RegistrationsThisInterval, root) >= intervalLimit) {
      throw errors.TooManyRegistrationsThisInterval()
    }
    if (state.has(storage.Uids, root, hotkey)) throw errors.HotKeyAlreadyRegisteredInSubNet()
    createHotkey(state, coldkey, hotkey)
    const uid = placeOnRoot(state, hotkey, context.block)
    if (!state.has(storage.Delegates, hotkey)) state.set(storage.Delegates, [hotkey], rootTake)
    state.update(storage.RegistrationsThisInterval, [root], (count) => count + 1)
    state.update(storage.RegistrationsThisBlock, [root], (count) => count + 1)
    context.emit(events.NeuronRegistered, { 0: root, 1: uid, 2: hotkey })
  }),
}
