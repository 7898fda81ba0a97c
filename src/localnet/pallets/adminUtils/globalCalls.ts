import { call, requireRoot } from '../../pallet.ts'
import { netUid, taoBalance } from '../../scale/chainTypes.ts'
import { bool, u64 } from '../../scale/types.ts'
import { events } from '../subtensor/events.ts'
import { clearSmallNominations } from '../subtensor/nominations.ts'
import { events393 } from '../subtensor/release393.ts'
import { storage } from '../subtensor/storage.ts'
import { errors } from './errors.ts'
import { changeAsOwner, globalSetting } from './setting.ts'

/** Values of the whole chain, all root's. @see facts: subtensor-chain.md, (e) global values */
export const globalCalls = {
  sudo_set_default_take: globalSetting(1, 'default_take', storage.MaxDelegateTake, events.MaxDelegateTakeSet),
  sudo_set_tx_rate_limit: globalSetting(2, 'tx_rate_limit', storage.TxRateLimit, events.TxRateLimitSet),
  sudo_set_subnet_owner_cut: globalSetting(28, 'subnet_owner_cut', storage.SubnetOwnerCut, events.SubnetOwnerCutSet),
  sudo_set_network_rate_limit: globalSetting(29, 'rate_limit', storage.NetworkRateLimit, events.NetworkRateLimitSet),
  sudo_set_network_immunity_period: globalSetting(
    35,
    'immunity_period',
    storage.NetworkImmunityPeriod,
    events.NetworkImmunityPeriodSet,
  ),
  sudo_set_network_min_lock_cost: globalSetting(
    36,
    'lock_cost',
    storage.NetworkMinLockCost,
    events.NetworkMinLockCostSet,
  ),
  sudo_set_subnet_limit: globalSetting(37, 'max_subnets', storage.SubnetLimit, events.SubnetLimitSet),
  sudo_set_lock_reduction_interval: globalSetting(
    38,
    'interval',
    storage.NetworkLockReductionInterval,
    events.NetworkLockCostReductionIntervalSet,
  ),
  sudo_set_stake_threshold: globalSetting(42, 'min_stake', storage.StakeThreshold, events.StakeThresholdSet),
  /** Raising the minimum pays back the nominations that are now too small. */
  sudo_set_nominator_min_required_stake: call(43, { min_stake: u64 }, (context, { min_stake }) => {
    requireRoot(context)
    const old = context.state.get(storage.NominatorMinRequiredStake)
    context.state.set(storage.NominatorMinRequiredStake, [], min_stake)
    if (min_stake > old) clearSmallNominations(context)
  }),
  sudo_set_tx_delegate_take_rate_limit: globalSetting(
    45,
    'tx_rate_limit',
    storage.TxDelegateTakeRateLimit,
    events.TxDelegateTakeRateLimitSet,
  ),
  sudo_set_min_delegate_take: globalSetting(46, 'take', storage.MinDelegateTake, events.MinDelegateTakeSet),
  sudo_set_subnet_moving_alpha: globalSetting(63, 'alpha', storage.SubnetMovingAlpha),
  sudo_set_commit_reveal_version: globalSetting(
    71,
    'version',
    storage.CommitRevealWeightsVersion,
    events.CommitRevealVersionSet,
  ),
  sudo_set_ck_burn: globalSetting(73, 'burn', storage.CKBurn),
  sudo_set_admin_freeze_window: globalSetting(74, 'window', storage.AdminFreezeWindow, events.AdminFreezeWindowSet),
  sudo_set_owner_hparam_rate_limit: globalSetting(
    75,
    'epochs',
    storage.OwnerHyperparamRateLimit,
    events.OwnerHyperparamRateLimitSet,
  ),
  sudo_set_start_call_delay: globalSetting(85, 'delay', storage.StartCallDelay, events.StartCallDelaySet),
  sudo_set_max_epochs_per_block: globalSetting(
    96,
    'max_epochs_per_block',
    storage.MaxEpochsPerBlock,
    events.MaxEpochsPerBlockSet,
    (epochs) => {
      if (epochs < 1) throw errors.ValueNotInBounds()
    },
  ),
}

/** Calls that the chain keeps but that always fail, the first of them since release 401. */
export const retiredCalls = {
  sudo_set_network_pow_registration_allowed: call(
    20,
    { netuid: netUid, registration_allowed: bool },
    (context, { netuid, registration_allowed }) => {
      if (context.state.face.rules.registration === 'halfLife') throw errors.POWRegistrationDisabled()
      changeAsOwner(context, netuid, { kind: 'hyperparameter', parameter: { type: 'PowRegistrationAllowed' } }, () => {
        context.state.set(storage.NetworkPowRegistrationAllowed, [netuid], registration_allowed)
        context.emit(events393.PowRegistrationAllowed, { 0: netuid, 1: registration_allowed })
      })
    },
  ),
  sudo_set_total_issuance: call(33, { total_issuance: taoBalance }, () => {
    throw errors.Deprecated()
  }),
}
