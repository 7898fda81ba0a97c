import { InputError } from '../../base/errors.ts'
import { decodeAddress } from '../../keys/ss58.ts'
import { parseInterval } from '../interval.ts'
import type { LocalNode } from '../node.ts'
import type { Call } from '../pallet.ts'
import type { Connections } from '../rpc/connections.ts'
import type { AccountId, Hex32 } from '../scale/chainTypes.ts'
import { type Dump, dumpState, loadState } from './dump.ts'
import { failNextExtrinsic } from './failNext.ts'
import { type ForcedWeights, forceWeights } from './forceWeights.ts'
import { type Mined, mineToEpoch } from './mineToEpoch.ts'
import { type RecordedRun, type Replayed, replayRun, startRecording, stopRecording } from './recordRun.ts'
import { type Neuron, type NewNeurons, registerNeurons } from './registerNeurons.ts'
import { revert } from './revert.ts'
import { faucet, setBalance } from './setBalance.ts'
import { type Hyperparameter, setHyperparameter } from './setHyperparameter.ts'
import { setStake } from './setStake.ts'
import { type NamedEntry, type RawEntry, setRawStorage, setStorage } from './setStorage.ts'
import { setTime } from './setTime.ts'
import { skipToReveal } from './skipToReveal.ts'
import { submitAs } from './submitAs.ts'

/**
 * What only a dev chain can do. Changes of the state take effect at once, without a block and without events. Accounts
 * are SS58 or `0x` hex, amounts rao.
 */
export interface DevPowers {
  /** Makes blocks at once, whatever the interval is. @returns the last one */
  mine(count?: number): Promise<Mined>
  /** Makes blocks up to and with the one in which a subnet's next epoch runs. @returns that block */
  mineToEpoch(netuid: number): Promise<Mined>
  /**
   * Makes blocks until the subnet's oldest good commit can be revealed in the next one, or, where it is timelocked, is.
   *
   * @returns the last one
   */
  skipToReveal(netuid: number): Promise<Mined>
  /** `250ms`, `12s`, `instant` (a block when something arrives) or `manual`. */
  setBlockTime(interval: string): void
  /** Sets the chain's clock, in milliseconds since 1970; it goes on from there. Must be after the newest block's time. */
  setTime(ms: number): void
  /** Sets the chain's clock ahead by so many milliseconds. */
  jumpTime(ms: number): void
  /** Remembers the chain as it is, in constant time. @returns the snapshot's number, for `revert` */
  snapshot(): number
  /** Goes back to a snapshot, in constant time. It stays; later ones are gone, and the pool is emptied. */
  revert(snapshot: number): void
  /** Any signature of this account is good from now on. */
  impersonate(account: string): void
  stopImpersonating(account: string): void
  /** Sends a call as any account, without its key. @returns the extrinsic's hash; it is in the next block */
  sendAs(account: string, call: Call): Hex32
  /** Writes entries into the state by the names that metadata gives them, values as JSON. @returns the raw keys */
  setStorage(entries: readonly NamedEntry[]): string[]
  /** Writes raw bytes into the state; null removes a key. Nothing is checked. */
  setRawStorage(entries: readonly RawEntry[]): void
  /** Sets an account's free balance; the total issuance follows. */
  setBalance(account: string, rao: bigint): void
  /** Gives money. @returns the account's free balance then */
  faucet(account: string, rao: bigint): bigint
  /** Sets a stake out of nothing; see `setStake`. */
  setStake(stake: { hotkey: string; coldkey?: string; netuid: number; amount: bigint }): void
  /** Registers many neurons with keys of their own, `//neuron//NETUID//UID`, without burn or limits. */
  registerNeurons(options: NewNeurons): Promise<Neuron[]>
  /** Sets a neuron's weights, whatever it may. */
  forceWeights(weights: ForcedWeights): void
  /** Changes a hyperparameter as root, by btcli's name; freeze windows do not count, the chain's bounds do. */
  setHyperparameter(hyperparameter: Hyperparameter): void
  /** Makes the next extrinsic in a block fail, with a pallet's error (`SubtensorModule.NotEnoughStake`) or `Other`. */
  failNext(error?: string): void
  /** Leaves all connections open and silent for so many milliseconds. */
  pauseConnections(ms: number): void
  /** Cuts all connections, and turns new ones away for so many milliseconds. */
  dropConnections(refuseMs?: number): void
  /** The chain as it is now, as JSON: state, block 0 and the newest block. */
  dumpState(): Dump
  /** Becomes the dumped chain; snapshots are gone and the pool is emptied. */
  loadState(dump: Dump): void
  /** Begins to record all blocks, extrinsics and edits. */
  startRecording(): void
  /** Ends the recording. @returns the run, as JSON */
  stopRecording(): RecordedRun
  /** Goes a recorded run's way again in place of this chain. @throws ReplayError at the first block that differs */
  replay(run: RecordedRun): Replayed
}

/** The powers over one node and the connections of its server. */
export function devPowers(node: LocalNode, connections: Connections): DevPowers {
  return {
    mine: (count) => node.mine(count),
    mineToEpoch: (netuid) => mineToEpoch(node, netuid),
    skipToReveal: (netuid) => skipToReveal(node, netuid),
    setBlockTime: (text) => {
      const interval = parseInterval(text)
      if (interval === undefined) throw new InputError('interval', text, 'give 250ms, 12s, instant or manual')
      node.setInterval(interval)
    },
    setTime: (ms) => setTime(node, ms),
    jumpTime: (ms) => node.jumpTime(ms),
    snapshot: () => node.snapshot(),
    revert: (id) => revert(node, id),
    impersonate: (account) => node.impersonate(accountOf(account)),
    stopImpersonating: (account) => node.impersonate(accountOf(account), false),
    sendAs: (account, call) => submitAs(node, accountOf(account), call),
    setStorage: (entries) => setStorage(node, entries),
    setRawStorage: (entries) => setRawStorage(node, entries),
    setBalance: (account, rao) => setBalance(node, accountOf(account), rao),
    faucet: (account, rao) => faucet(node, accountOf(account), rao),
    setStake: ({ hotkey, coldkey, netuid, amount }) => {
      const owner = coldkey === undefined ? {} : { coldkey: accountOf(coldkey) }
      setStake(node, { hotkey: accountOf(hotkey), netuid, amount, ...owner })
    },
    registerNeurons: (options) => registerNeurons(node, options),
    forceWeights: (weights) => forceWeights(node, weights),
    setHyperparameter: (hyperparameter) => setHyperparameter(node, hyperparameter),
    failNext: (error) => failNextExtrinsic(node, error),
    pauseConnections: (ms) => connections.pause(ms),
    dropConnections: (refuseMs) => connections.drop(refuseMs),
    dumpState: () => dumpState(node),
    loadState: (dump) => loadState(node, dump),
    startRecording: () => startRecording(node),
    stopRecording: () => stopRecording(node),
    replay: (run) => replayRun(node, run),
  }
}

function accountOf(text: string): AccountId {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as AccountId
  return `0x${Buffer.from(decodeAddress(text).publicKey).toString('hex')}`
}
