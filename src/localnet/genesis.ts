import type { BlockContext } from './pallet.ts'
import { storage as aura } from './pallets/aura.ts'
import { mint } from './pallets/balances.ts'
import { storage as drand } from './pallets/drand/storage.ts'
import type { BeaconConfiguration } from './pallets/drand/types.ts'
import { storage as grandpa } from './pallets/grandpa.ts'
import { createHotkey } from './pallets/subtensor/hotkeys.ts'
import { addToPool } from './pallets/subtensor/stakePool.ts'
import { storage } from './pallets/subtensor/storage.ts'
import { subnetAccount } from './pallets/subtensor/subnetAccount.ts'
import { symbols } from './pallets/subtensor/symbols.ts'
import { appendNeuron } from './pallets/subtensor/uids.ts'
import { storage as sudo } from './pallets/sudo.ts'
import { type AccountId, zeroAccount } from './scale/chainTypes.ts'
import type { State } from './state.ts'

/** What a chain begins with beside the two networks that every localnet has. */
export interface Genesis {
  readonly sudo: AccountId
  /** Owner of the root network: coldkey and hotkey. The slow build of the real node has none. */
  readonly rootOwner: { readonly coldkey: AccountId; readonly hotkey: AccountId } | undefined
  /** Accounts with money, in rao. */
  readonly balances: readonly { readonly account: AccountId; readonly rao: bigint }[]
  /** The beacon that the chain follows. Default: quicknet. */
  readonly beacon?: BeaconConfiguration | undefined
  /** Who makes and finalises blocks: sr25519 and Ed25519 keys. Default: nobody that the state tells of. */
  readonly authorities?: readonly { readonly aura: AccountId; readonly grandpa: AccountId }[]
}

const root = 0
const firstSubnet = 1
const poolTao = 10_000_000_000n
const poolAlpha = 10_000_000_000n
const stakedAlpha = 1_000_000_000n

/** Block 0 has no block around it: its events are nobody's, and nothing can be dispatched. */
function genesisContext(state: State): BlockContext {
  return {
    state,
    build: state.build,
    block: 0,
    parentHash: `0x${'00'.repeat(32)}`,
    author: zeroAccount,
    emit: () => undefined,
    dispatch: () => {
      throw new Error('genesis dispatches no calls')
    },
  }
}

/**
 * Writes block 0 of a localnet into an empty state.
 *
 * @see facts: subtensor-chain.md, (a) localnet genesis
 */
export function writeGenesis(state: State, genesis: Genesis): void {
  const context = genesisContext(state)
  for (const { account, rao } of genesis.balances) mint(context, account, rao)
  mint(context, subnetAccount(firstSubnet), poolTao)
  const issued = genesis.balances.reduce((sum, { rao }) => sum + rao, poolTao)
  state.set(storage.TotalIssuance, [], issued)
  state.set(sudo.Key, [], genesis.sudo)
  if (genesis.beacon !== undefined) state.set(drand.BeaconConfig, [], genesis.beacon)
  writeAuthorities(state, genesis.authorities ?? [])
  addNetwork(state, root, 64)
  writeRoot(state, genesis)
  addNetwork(state, firstSubnet, 256)
  writeFirstSubnet(state)
}

function writeAuthorities(state: State, authorities: NonNullable<Genesis['authorities']>): void {
  const bytes = (key: AccountId): Uint8Array => Uint8Array.from(Buffer.from(key.slice(2), 'hex'))
  state.set(
    aura.Authorities,
    [],
    authorities.map((authority) => bytes(authority.aura)),
  )
  state.set(
    grandpa.Authorities,
    [],
    authorities.map((authority) => [bytes(authority.grandpa), 1n]),
  )
}

/** What the two networks have in common; everything else is storage defaults. */
function addNetwork(state: State, netuid: number, uids: number): void {
  state.set(storage.NetworksAdded, [netuid], true)
  state.update(storage.TotalNetworks, [], (count) => count + 1)
  state.set(storage.SubnetworkN, [netuid], 0)
  state.set(storage.MaxAllowedUids, [netuid], uids)
  state.set(storage.MaxAllowedValidators, [netuid], 64)
  state.set(storage.MinAllowedWeights, [netuid], 0)
  state.set(storage.Tempo, [netuid], 100)
  state.set(storage.TokenSymbol, [netuid], Uint8Array.from(Buffer.from(symbols[netuid]!)))
}

function writeRoot(state: State, { rootOwner }: Genesis): void {
  state.set(storage.NetworkRegistrationAllowed, [root], true)
  state.set(storage.TargetRegistrationsPerInterval, [root], 1)
  if (rootOwner === undefined) return
  state.set(storage.SubnetOwner, [root], rootOwner.coldkey)
  state.set(storage.SubnetOwnerHotkey, [root], rootOwner.hotkey)
}

/** Netuid 1: the zero account's, with a small pool, not started. The first subnet that anybody registers is 2. */
function writeFirstSubnet(state: State): void {
  createHotkey(state, zeroAccount, zeroAccount)
  appendNeuron(state, firstSubnet, zeroAccount, 0)
  state.set(storage.SubnetOwner, [firstSubnet], zeroAccount)
  state.set(storage.SubnetMechanism, [firstSubnet], 1)
  state.set(storage.SubnetLocked, [firstSubnet], 1n)
  state.set(storage.SubnetTAO, [firstSubnet], poolTao)
  state.set(storage.SubnetAlphaIn, [firstSubnet], poolAlpha)
  state.set(storage.SubnetAlphaOut, [firstSubnet], stakedAlpha)
  addToPool(state, zeroAccount, zeroAccount, firstSubnet, stakedAlpha)
  state.set(storage.TotalStake, [], poolTao)
}
