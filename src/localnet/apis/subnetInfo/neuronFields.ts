import { scoresOf } from '../../pallets/subtensor/scores.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import { axonInfo, chainIdentity } from '../../pallets/subtensor/types.ts'
import { type AccountId, accountId, alphaBalance, taoBalance } from '../../scale/chainTypes.ts'
import { bool, compact, option, tuple, u16, u64, vec } from '../../scale/types.ts'
import { axonOf } from './endpoints.ts'
import { field } from './metagraphField.ts'

const shorts = vec(compact(u16))
const longs = vec(compact(u64))
const alphas = vec(compact(alphaBalance))
const raos = vec(compact(taoBalance))

/** The metagraph's vectors, one element per uid, in SCALE order. */
export const neuronFields = {
  hotkeys: field(vec(accountId), ({ hotkeys }) => [...hotkeys]),
  coldkeys: field(vec(accountId), ({ coldkeys }) => [...coldkeys]),
  identities: field(vec(option(chainIdentity)), ({ state, coldkeys }) =>
    coldkeys.map((coldkey) => state.get(storage.IdentitiesV2, coldkey)),
  ),
  axons: field(vec(axonInfo), ({ state, netuid, hotkeys }) => hotkeys.map((hotkey) => axonOf(state, netuid, hotkey))),
  active: field(vec(bool), ({ state, netuid }) => state.get(storage.Active, netuid)),
  validator_permit: field(vec(bool), ({ state, netuid }) => state.get(storage.ValidatorPermit, netuid)),
  // Pruning score, trust and rank are empty in releases that compute them no longer.
  pruning_score: field(shorts, ({ state, netuid }) => scoresOf(state, netuid).pruning),
  last_update: field(longs, ({ state, index }) => state.get(storage.LastUpdate, index)),
  emission: field(alphas, ({ state, netuid }) => state.get(storage.Emission, netuid)),
  dividends: field(shorts, ({ state, netuid }) => state.get(storage.Dividends, netuid)),
  incentives: field(shorts, ({ state, index }) => state.get(storage.Incentive, index)),
  consensus: field(shorts, ({ state, netuid }) => state.get(storage.Consensus, netuid)),
  trust: field(shorts, ({ state, netuid }) => scoresOf(state, netuid).trust),
  rank: field(shorts, ({ state, netuid }) => scoresOf(state, netuid).rank),
  block_at_registration: field(longs, ({ state, netuid, hotkeys }) =>
    hotkeys.map((_, uid) => state.get(storage.BlockAtRegistration, netuid, uid)),
  ),
  alpha_stake: field(alphas, ({ stakes }) => stakes.map(({ alpha }) => alpha)),
  tao_stake: field(raos, ({ stakes }) => stakes.map(({ tao }) => tao)),
  total_stake: field(raos, ({ stakes }) => stakes.map(({ total }) => total >> 32n)),
  // Root dividends are paid in alpha; the TAO column is all zeros.
  tao_dividends_per_hotkey: field(vec(tuple(accountId, compact(taoBalance))), ({ hotkeys }) =>
    hotkeys.map((hotkey): [AccountId, bigint] => [hotkey, 0n]),
  ),
  alpha_dividends_per_hotkey: field(vec(tuple(accountId, compact(alphaBalance))), ({ state, netuid, hotkeys }) =>
    hotkeys.map((hotkey): [AccountId, bigint] => [hotkey, state.get(storage.AlphaDividendsPerSubnet, netuid, hotkey)]),
  ),
}
