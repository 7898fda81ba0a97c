import { taoBalance } from '../../scale/chainTypes.ts'
import { bool, u16, u64 } from '../../scale/types.ts'
import { storage } from '../subtensor/storage.ts'
import { subnetParameters } from '../subtensor/subnetParameters.ts'
import { applyTempo } from '../subtensor/tempoControl.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { parameterChange, rootSetting, silentChange } from './setting.ts'

/** Parameters of a subnet that only root may change. @see facts: subtensor-chain.md, (e) */
export const rootCalls = {
  sudo_set_min_difficulty: rootSetting(
    4,
    'min_difficulty',
    u64,
    'frozen',
    parameterChange(subnetParameters.MinDifficulty),
  ),
  sudo_set_weights_set_rate_limit: rootSetting(
    7,
    'weights_set_rate_limit',
    u64,
    'always',
    parameterChange(subnetParameters.WeightsSetRateLimit),
  ),
  sudo_set_adjustment_interval: rootSetting(
    8,
    'adjustment_interval',
    u16,
    'always',
    parameterChange(subnetParameters.AdjustmentInterval),
  ),
  sudo_set_kappa: rootSetting(16, 'kappa', u16, 'always', parameterChange(subnetParameters.Kappa)),
  sudo_set_network_registration_allowed: rootSetting(
    19,
    'registration_allowed',
    bool,
    'always',
    parameterChange(subnetParameters.NetworkRegistrationAllowed),
  ),
  sudo_set_target_registrations_per_interval: rootSetting(
    21,
    'target_registrations_per_interval',
    u16,
    'frozen',
    parameterChange(subnetParameters.TargetRegistrationsPerInterval),
  ),
  sudo_set_difficulty: rootSetting(24, 'difficulty', u64, 'frozen', parameterChange(subnetParameters.Difficulty)),
  sudo_set_max_registrations_per_block: rootSetting(
    27,
    'max_registrations_per_block',
    u16,
    'frozen',
    parameterChange(subnetParameters.MaxRegistrationsPerBlock),
  ),
  sudo_set_tempo: rootSetting(30, 'tempo', u16, 'frozen', { apply: applyTempo }),
  sudo_set_rao_recycled: rootSetting(
    39,
    'rao_recycled',
    taoBalance,
    'frozen',
    parameterChange(subnetParameters.RAORecycledForRegistration),
  ),
  sudo_set_ema_price_halving_period: rootSetting(
    65,
    'ema_halving',
    u64,
    'always',
    silentChange(storage.EMAPriceHalvingBlocks),
  ),
  sudo_set_subtoken_enabled: rootSetting(66, 'subtoken_enabled', bool, 'frozen', silentChange(storage.SubtokenEnabled)),
  sudo_set_subnet_emission_enabled: rootSetting(94, 'enabled', bool, 'always', {
    check: (_context, netuid) => {
      if (netuid === 0) throw errors.NotPermittedOnRootSubnet()
    },
    apply: (context, netuid, enabled) => {
      context.state.set(storage.SubnetEmissionEnabled, [netuid], enabled)
      context.emit(events.SubnetEmissionEnabledSet, { netuid, enabled })
    },
  }),
}
