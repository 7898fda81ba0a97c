import { InputError } from '../base/errors.ts'
import type { Signer } from '../keys/signer.ts'
import { isAddress } from '../keys/ss58.ts'
import { openWallet, type Wallet } from '../wallet/openWallet.ts'
import type { PasswordOptions } from '../wallet/password.ts'
import type { CommandIo } from './command.ts'

export interface WalletPlaceFlags {
  readonly 'wallet.name': string
  readonly 'wallet.hotkey': string
  readonly 'wallet.path': string
}

export interface SecretFlags {
  readonly 'wallet.password-file'?: string | undefined
}

/** The wallet that the flags name; its keys are opened when they are asked for. */
export function walletOf(flags: WalletPlaceFlags & SecretFlags, io: CommandIo): Wallet {
  return openWallet({
    path: flags['wallet.path'],
    name: flags['wallet.name'],
    hotkey: flags['wallet.hotkey'],
    ...passwordOptions(flags, io),
  })
}

/** Where passwords may come from: the person at this command's terminal, a file, the environment. */
export function passwordOptions(flags: SecretFlags, io: CommandIo): PasswordOptions {
  return { passwordFile: flags['wallet.password-file'], terminal: io.terminal }
}

/** The signer of funds: the wallet's coldkey, or the wallet's coldkey as a proxy of another account. */
export async function fundsSigner(wallet: Wallet, flags: { readonly proxy?: string | undefined }): Promise<Signer> {
  const coldkey = await wallet.coldkeySigner()
  if (flags.proxy === undefined) return coldkey
  const { proxySigner } = await import('../chain/proxySigner.ts')
  return proxySigner(coldkey, flags.proxy)
}

/** Address of the account whose funds are meant, without opening any key. */
export async function fundsAddress(wallet: Wallet, flags: { readonly proxy?: string | undefined }): Promise<string> {
  return flags.proxy ?? (await wallet.coldkeypub()).address
}

/** The hotkey that is meant: an address given outright, else that of the wallet's hotkey. */
export async function hotkeyAddress(
  wallet: Wallet,
  flags: WalletPlaceFlags & { readonly 'hotkey-address'?: string | undefined },
): Promise<string> {
  if (flags['hotkey-address'] !== undefined) return flags['hotkey-address']
  // Bittensor's tools take an address here too.
  if (isAddress(flags['wallet.hotkey'])) return flags['wallet.hotkey']
  return (await wallet.hotkeypub()).address
}

/** A flag that the command cannot do without. @throws InputError */
export function needed<T>(value: T | undefined, flag: string, mend: string): T {
  if (value === undefined) throw new InputError(flag, undefined, mend)
  return value
}

export function neededNetuid(flags: { readonly netuid?: number | undefined }): number {
  return needed(flags.netuid, '--netuid', 'name the subnet; faculty subnet list shows them')
}
