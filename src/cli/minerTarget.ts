import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import type { Metagraph, Neuron } from '../chain/getMetagraph.ts'
import type { CommandIo } from './command.ts'
import { hotkeyAddress, type WalletPlaceFlags, walletOf } from './openKeys.ts'
import { hotkeyAddressSettings, oneNetuid, walletSettings } from './settings.ts'

/** Which neuron is meant. No wallet is needed where it is named outright. */
export const minerTargetSettings = {
  ...oneNetuid,
  uid: setting(z.coerce.number().int('give a whole number').min(0, 'give 0 or more').optional(), {
    help: 'the neuron, by its place on the subnet',
    takes: 'N',
  }),
  ...hotkeyAddressSettings,
  ...walletSettings,
}

interface TargetFlags extends WalletPlaceFlags {
  readonly uid?: number | undefined
  readonly 'hotkey-address'?: string | undefined
}

export type MinerTarget = { readonly uid: number } | { readonly hotkey: string }

/** `--uid`, else a hotkey's address, else the wallet's hotkey. */
export async function minerTarget(flags: TargetFlags, io: CommandIo): Promise<MinerTarget> {
  if (flags.uid !== undefined) return { uid: flags.uid }
  return { hotkey: await hotkeyAddress(walletOf(flags, io), flags) }
}

/** @returns undefined for a hotkey that is not on the subnet @throws InputError for a uid that nobody has */
export function neuronOf({ neurons, netuid }: Metagraph, target: MinerTarget): Neuron | undefined {
  if ('hotkey' in target) return neurons.find(({ hotkey }) => hotkey === target.hotkey)
  const found = neurons[target.uid]
  if (found !== undefined) return found
  const range = neurons.length === 0 ? 'has no neurons' : `has the uids 0 to ${neurons.length - 1}`
  throw new InputError('--uid', target.uid, `subnet ${netuid} ${range}`)
}
