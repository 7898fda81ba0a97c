import { expect, test } from 'vitest'
import { adminUtils } from '../../../src/localnet/pallets/adminUtils.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { account, owner, ownerHotkey, registerNeuron, root, signed, subnetWorld, type World } from './subtensorWorld.ts'

const one = 1n << 64n

/** Owner's parameters: call, argument, a value that passes, values that do not with their errors, where it is stored. */
const ownerRows: readonly {
  call: string
  argument: string
  good: unknown
  item: keyof typeof storage
  bad?: readonly [value: unknown, error: string][]
  event?: string
}[] = [
  {
    call: 'serving_rate_limit',
    argument: 'serving_rate_limit',
    good: 7n,
    item: 'ServingRateLimit',
    event: 'ServingRateLimitSet',
  },
  { call: 'max_difficulty', argument: 'max_difficulty', good: 7n, item: 'MaxDifficulty', event: 'MaxDifficultySet' },
  {
    call: 'weights_version_key',
    argument: 'weights_version_key',
    good: 7n,
    item: 'WeightsVersionKey',
    event: 'WeightsVersionKeySet',
  },
  {
    call: 'adjustment_alpha',
    argument: 'adjustment_alpha',
    good: 7n,
    item: 'AdjustmentAlpha',
    event: 'AdjustmentAlphaSet',
  },
  { call: 'immunity_period', argument: 'immunity_period', good: 7, item: 'ImmunityPeriod', event: 'ImmunityPeriodSet' },
  {
    call: 'min_allowed_weights',
    argument: 'min_allowed_weights',
    good: 7,
    item: 'MinAllowedWeights',
    event: 'MinAllowedWeightSet',
  },
  {
    call: 'max_allowed_uids',
    argument: 'max_allowed_uids',
    good: 64,
    item: 'MaxAllowedUids',
    event: 'MaxAllowedUidsSet',
    bad: [
      [63, 'MaxAllowedUidsLessThanMinAllowedUids'],
      [257, 'MaxAllowedUidsGreaterThanDefaultMaxAllowedUids'],
    ],
  },
  { call: 'rho', argument: 'rho', good: 7, item: 'Rho', event: 'RhoSet' },
  {
    call: 'activity_cutoff',
    argument: 'activity_cutoff',
    good: 360,
    item: 'ActivityCutoff',
    event: 'ActivityCutoffSet',
    bad: [[359, 'ActivityCutoffTooLow']],
  },
  {
    call: 'min_burn',
    argument: 'min_burn',
    good: 999_999_999n,
    item: 'MinBurn',
    event: 'MinBurnSet',
    bad: [[1_000_000_000n, 'ValueNotInBounds']],
  },
  {
    call: 'max_burn',
    argument: 'max_burn',
    good: 100_000_001n,
    item: 'MaxBurn',
    event: 'MaxBurnSet',
    bad: [[100_000_000n, 'ValueNotInBounds']],
  },
  {
    call: 'bonds_moving_average',
    argument: 'bonds_moving_average',
    good: 975_000n,
    item: 'BondsMovingAverage',
    event: 'BondsMovingAverageSet',
    bad: [[975_001n, 'BondsMovingAverageMaxReached']],
  },
  { call: 'bonds_penalty', argument: 'bonds_penalty', good: 7, item: 'BondsPenalty', event: 'BondsPenaltySet' },
  {
    call: 'commit_reveal_weights_enabled',
    argument: 'enabled',
    good: true,
    item: 'CommitRevealWeightsEnabled',
    event: 'CommitRevealEnabled',
  },
  { call: 'liquid_alpha_enabled', argument: 'enabled', good: true, item: 'LiquidAlphaOn' },
  {
    call: 'commit_reveal_weights_interval',
    argument: 'interval',
    good: 100n,
    item: 'RevealPeriodEpochs',
    event: 'CommitRevealPeriodsSet',
    bad: [
      [101n, 'RevealPeriodTooLarge'],
      [0n, 'RevealPeriodTooSmall'],
    ],
  },
  { call: 'toggle_transfer', argument: 'toggle', good: false, item: 'TransferToggle', event: 'TransferToggle' },
  {
    call: 'alpha_sigmoid_steepness',
    argument: 'steepness',
    good: 7,
    item: 'AlphaSigmoidSteepness',
    event: 'AlphaSigmoidSteepnessSet',
    bad: [[-1, 'NegativeSigmoidSteepness']],
  },
  { call: 'yuma3_enabled', argument: 'enabled', good: false, item: 'Yuma3On', event: 'Yuma3EnableToggled' },
  { call: 'bonds_reset_enabled', argument: 'enabled', good: true, item: 'BondsResetOn', event: 'BondsResetToggled' },
  {
    call: 'owner_immune_neuron_limit',
    argument: 'immune_neurons',
    good: 10,
    item: 'ImmuneOwnerUidsLimit',
    bad: [
      [0, 'InvalidValue'],
      [11, 'InvalidValue'],
    ],
  },
  {
    call: 'min_childkey_take_per_subnet',
    argument: 'take',
    good: 11_796,
    item: 'MinChildkeyTakePerSubnet',
    event: 'MinChildKeyTakePerSubnetSet',
    bad: [[11_797, 'InvalidChildkeyTake']],
  },
  { call: 'recycle_or_burn', argument: 'recycle_or_burn', good: { type: 'Recycle' }, item: 'RecycleOrBurn' },
  {
    call: 'burn_half_life',
    argument: 'burn_half_life',
    good: 36_100,
    item: 'BurnHalfLife',
    event: 'BurnHalfLifeSet',
    bad: [
      [0, 'InvalidValue'],
      [36_101, 'InvalidValue'],
    ],
  },
  {
    call: 'burn_increase_mult',
    argument: 'burn_increase_mult',
    good: 3n * one,
    item: 'BurnIncreaseMult',
    event: 'BurnIncreaseMultSet',
    bad: [
      [one - 1n, 'InvalidValue'],
      [3n * one + 1n, 'InvalidValue'],
    ],
  },
  {
    call: 'mechanism_count',
    argument: 'mechanism_count',
    good: 1,
    item: 'MechanismCountCurrent',
    bad: [
      [0, 'InvalidValue'],
      [3, 'InvalidValue'],
      [2, 'TooManyUIDsPerMechanism'],
    ],
  },
]

const get = (world: World, item: keyof typeof storage): unknown =>
  world.state.get(storage[item] as never, ...([1] as never))

test.each(ownerRows)('owner: $call', ({ call, argument, good, item, bad = [], event }) => {
  const world = subnetWorld('normal')
  world.state.set(storage.AdminFreezeWindow, [], 10)
  world.block = 1020
  world.state.set(storage.LastEpochBlock, [1], 1000n)
  const name = `sudo_set_${call}`
  const set = (value: unknown, who = signed(owner), netuid = 1) =>
    world.outcome(name, { netuid, [argument]: value }, who)
  expect(set(good, signed(account(0x99)))).toBe('BadOrigin')
  expect(set(good, { kind: 'none' })).toBe('BadOrigin')
  expect(set(good, root, 9)).toBe('SubnetDoesNotExist')
  for (const [value, error] of bad) expect(set(value)).toBe(error)
  world.events.length = 0
  expect(set(good)).toBe('ok')
  if (call !== 'mechanism_count') expect(get(world, item)).toEqual(good)
  if (event !== undefined) expect(world.events.map((one) => one.name)).toContain(event)
  else expect(world.events).toEqual([])
  // Again at once: too soon for the owner, not for root.
  expect(set(good)).toBe('TxRateLimitExceeded')
  expect(set(good, root)).toBe('ok')
  // Shortly before the epoch nobody may.
  world.state.set(storage.LastEpochBlock, [1], 1020n - 360n + 9n)
  expect(set(good, root)).toBe('AdminActionProhibitedDuringWeightsWindow')
  world.state.set(storage.LastEpochBlock, [1], 1020n - 360n + 10n)
  expect(set(good, root)).toBe('ok')
  // While a triggered epoch is pending nobody may either.
  world.state.set(storage.PendingEpochAt, [1], 1021n)
  expect(set(good, root)).toBe('AdminActionProhibitedDuringWeightsWindow')
})

test('rate limits are per parameter, in tempos, and longer for the version key', () => {
  const world = subnetWorld('normal')
  const rho = () => world.outcome('sudo_set_rho', { netuid: 1, rho: 1 }, signed(owner))
  const key = () => world.outcome('sudo_set_weights_version_key', { netuid: 1, weights_version_key: 1n }, signed(owner))
  expect([rho(), key()]).toEqual(['ok', 'ok'])
  expect(world.outcome('sudo_set_bonds_penalty', { netuid: 1, bonds_penalty: 1 }, signed(owner))).toBe('ok')
  world.block = 10 + 2 * 360 - 1
  expect(rho()).toBe('TxRateLimitExceeded')
  world.block++
  expect([rho(), key()]).toEqual(['ok', 'TxRateLimitExceeded'])
  world.block = 10 + 5 * 360
  expect(key()).toBe('ok')
  expect(world.state.get(storage.TransactionKeyLastBlock, owner, 1, 4)).toBe(1810n)
  expect(
    world.state.get(storage.LastRateLimitedBlock, { type: 'OwnerHyperparamUpdate', 0: 1, 1: { type: 'Rho' } }),
  ).toBe(730n)
})

test('owner cut has no rate limit, root subnet has no price and no cut', () => {
  const world = subnetWorld()
  const cut = () => world.outcome('sudo_set_owner_cut_enabled', { netuid: 1, enabled: false }, signed(owner))
  expect([cut(), cut()]).toEqual(['ok', 'ok'])
  expect(world.outcome('sudo_set_owner_cut_enabled', { netuid: 0, enabled: false }, root)).toBe(
    'NotPermittedOnRootSubnet',
  )
  expect(world.outcome('sudo_set_burn_half_life', { netuid: 0, burn_half_life: 1 }, root)).toBe(
    'NotPermittedOnRootSubnet',
  )
  expect(world.outcome('sudo_set_burn_increase_mult', { netuid: 0, burn_increase_mult: one }, root)).toBe(
    'NotPermittedOnRootSubnet',
  )
})

test('min and max burn keep apart', () => {
  const world = subnetWorld()
  world.run('sudo_set_max_burn', { netuid: 1, max_burn: 200_000_000n }, root)
  expect(world.outcome('sudo_set_min_burn', { netuid: 1, min_burn: 200_000_000n }, root)).toBe('ValueNotInBounds')
  world.run('sudo_set_min_burn', { netuid: 1, min_burn: 150_000_000n }, root)
  expect(world.outcome('sudo_set_max_burn', { netuid: 1, max_burn: 150_000_000n }, root)).toBe('ValueNotInBounds')
})

test('alpha values need liquid alpha and stand in order', () => {
  const world = subnetWorld()
  const set = (alpha_low: number, alpha_high: number) =>
    world.outcome('sudo_set_alpha_values', { netuid: 1, alpha_low, alpha_high }, root)
  expect(set(2000, 3000)).toBe('LiquidAlphaDisabled')
  world.run('sudo_set_liquid_alpha_enabled', { netuid: 1, enabled: true }, root)
  expect(set(1637, 1637)).toBe('AlphaHighTooLow')
  expect(set(1637, 3000)).toBe('AlphaLowOutOfRange')
  expect(set(3001, 3000)).toBe('AlphaLowOutOfRange')
  expect(set(3000, 3000)).toBe('ok')
  expect(world.state.get(storage.AlphaValues, 1)).toEqual([3000, 3000])
})

test('mechanisms: bounded by uids, forgotten when taken away, split whole or even', () => {
  const world = subnetWorld()
  const { state } = world
  const split = (maybe_split: number[] | undefined) =>
    world.outcome('sudo_set_mechanism_emission_split', { netuid: 1, maybe_split }, root)
  const count = (mechanism_count: number) =>
    world.outcome('sudo_set_mechanism_count', { netuid: 1, mechanism_count }, root)
  expect(count(2)).toBe('TooManyUIDsPerMechanism')
  world.run('sudo_set_max_allowed_uids', { netuid: 1, max_allowed_uids: 128 }, root)
  expect(count(2)).toBe('ok')
  expect(world.outcome('sudo_set_max_allowed_uids', { netuid: 1, max_allowed_uids: 129 }, root)).toBe(
    'TooManyUIDsPerMechanism',
  )
  expect(split([65_535])).toBe('InvalidValue')
  expect(split([1, 65_535])).toBe('InvalidValue')
  expect(split([535, 65_000])).toBe('ok')
  expect(state.get(storage.MechanismEmissionSplit, 1)).toEqual([535, 65_000])
  registerNeuron(world, account(0x11))
  expect(state.get(storage.LastUpdate, 4097)).toEqual([0n, 10n])
  state.set(storage.Weights, [4097, 1], [[0, 1]])
  expect(count(1)).toBe('ok')
  expect(state.has(storage.Weights, 4097, 1)).toBe(false)
  expect(state.has(storage.LastUpdate, 4097)).toBe(false)
  expect(state.has(storage.MechanismEmissionSplit, 1)).toBe(false)
  expect(split(undefined)).toBe('ok')
  expect(world.outcome('sudo_set_max_mechanism_count', { max_mechanism_count: 17 }, root)).toBe('InvalidValue')
  expect(world.outcome('sudo_set_max_mechanism_count', { max_mechanism_count: 16 }, root)).toBe('ok')
})

test('the owner hotkey changes once a week, for root too', () => {
  const world = subnetWorld()
  const set = (who = signed(owner)) => world.outcome('sudo_set_sn_owner_hotkey', { netuid: 1, hotkey: account(5) }, who)
  expect(set(signed(ownerHotkey))).toBe('BadOrigin')
  expect(set()).toBe('ok')
  expect(world.state.get(storage.SubnetOwnerHotkey, 1)).toBe(account(5))
  expect(world.events.at(-1)!.name).toBe('SubnetOwnerHotkeySet')
  expect(set(root)).toBe('TxRateLimitExceeded')
  world.block += 50_400
  expect(set(root)).toBe('ok')
  expect(world.outcome('sudo_set_subnet_owner_hotkey', { netuid: 9, hotkey: account(5) }, root)).toBe('SubnetNotExists')
})

const rootRows: readonly [
  call: string,
  argument: string,
  value: unknown,
  item: keyof typeof storage,
  freeze: boolean,
][] = [
  ['min_difficulty', 'min_difficulty', 7n, 'MinDifficulty', true],
  ['weights_set_rate_limit', 'weights_set_rate_limit', 7n, 'WeightsSetRateLimit', false],
  ['adjustment_interval', 'adjustment_interval', 7, 'AdjustmentInterval', false],
  ['kappa', 'kappa', 7, 'Kappa', false],
  ['network_registration_allowed', 'registration_allowed', false, 'NetworkRegistrationAllowed', false],
  ['target_registrations_per_interval', 'target_registrations_per_interval', 7, 'TargetRegistrationsPerInterval', true],
  ['difficulty', 'difficulty', 7n, 'Difficulty', true],
  ['max_allowed_validators', 'max_allowed_validators', 7, 'MaxAllowedValidators', true],
  ['max_registrations_per_block', 'max_registrations_per_block', 7, 'MaxRegistrationsPerBlock', true],
  ['min_non_immune_uids', 'min', 7, 'MinNonImmuneUids', false],
  ['rao_recycled', 'rao_recycled', 7n, 'RAORecycledForRegistration', true],
  ['tempo', 'tempo', 7, 'Tempo', true],
  ['ema_price_halving_period', 'ema_halving', 7n, 'EMAPriceHalvingBlocks', false],
  ['subtoken_enabled', 'subtoken_enabled', false, 'SubtokenEnabled', true],
  ['subnet_emission_enabled', 'enabled', true, 'SubnetEmissionEnabled', false],
]

test.each(rootRows)('root: %s', (call, argument, value, item, freeze) => {
  const world = subnetWorld()
  const set = (who = root, netuid = 1) => world.outcome(`sudo_set_${call}`, { netuid, [argument]: value }, who)
  expect(set(signed(owner))).toBe('BadOrigin')
  expect(set(root, 9)).toBe('SubnetDoesNotExist')
  world.state.set(storage.AdminFreezeWindow, [], 100)
  expect(set()).toBe(freeze ? 'AdminActionProhibitedDuringWeightsWindow' : 'ok')
  world.state.set(storage.AdminFreezeWindow, [], 0)
  expect(set()).toBe('ok')
  expect(get(world, item)).toEqual(value)
})

test('bounds of root parameters; a new tempo starts the cycle anew', () => {
  const world = subnetWorld()
  expect(world.outcome('sudo_set_max_allowed_validators', { netuid: 1, max_allowed_validators: 257 }, root)).toBe(
    'MaxValidatorsLargerThanMaxUIds',
  )
  const least = (min_allowed_uids: number) =>
    world.outcome('sudo_set_min_allowed_uids', { netuid: 1, min_allowed_uids }, root)
  expect([least(256), least(1)]).toEqual([
    'MinAllowedUidsGreaterThanMaxAllowedUids',
    'MinAllowedUidsGreaterThanCurrentUids',
  ])
  expect(least(0)).toBe('ok')
  expect(world.outcome('sudo_set_subnet_emission_enabled', { netuid: 0, enabled: true }, root)).toBe(
    'NotPermittedOnRootSubnet',
  )
  world.block = 17
  world.run('sudo_set_tempo', { netuid: 1, tempo: 20 }, root)
  expect(world.state.get(storage.LastEpochBlock, 1)).toBe(17n)
})

const globalRows: readonly [
  call: string,
  argument: string,
  value: unknown,
  item: keyof typeof storage,
  event?: string,
][] = [
  ['default_take', 'default_take', 7, 'MaxDelegateTake', 'MaxDelegateTakeSet'],
  ['tx_rate_limit', 'tx_rate_limit', 7n, 'TxRateLimit', 'TxRateLimitSet'],
  ['subnet_owner_cut', 'subnet_owner_cut', 7, 'SubnetOwnerCut', 'SubnetOwnerCutSet'],
  ['network_rate_limit', 'rate_limit', 7n, 'NetworkRateLimit', 'NetworkRateLimitSet'],
  ['network_min_lock_cost', 'lock_cost', 7n, 'NetworkMinLockCost', 'NetworkMinLockCostSet'],
  ['subnet_limit', 'max_subnets', 7, 'SubnetLimit', 'SubnetLimitSet'],
  ['network_immunity_period', 'immunity_period', 7n, 'NetworkImmunityPeriod', 'NetworkImmunityPeriodSet'],
  ['lock_reduction_interval', 'interval', 7n, 'NetworkLockReductionInterval', 'NetworkLockCostReductionIntervalSet'],
  ['stake_threshold', 'min_stake', 7n, 'StakeThreshold', 'StakeThresholdSet'],
  ['nominator_min_required_stake', 'min_stake', 7n, 'NominatorMinRequiredStake'],
  ['tx_delegate_take_rate_limit', 'tx_rate_limit', 7n, 'TxDelegateTakeRateLimit', 'TxDelegateTakeRateLimitSet'],
  ['min_delegate_take', 'take', 7, 'MinDelegateTake', 'MinDelegateTakeSet'],
  ['subnet_moving_alpha', 'alpha', 7n, 'SubnetMovingAlpha'],
  ['ck_burn', 'burn', 7n, 'CKBurn'],
  ['commit_reveal_version', 'version', 7, 'CommitRevealWeightsVersion', 'CommitRevealVersionSet'],
  ['admin_freeze_window', 'window', 7, 'AdminFreezeWindow', 'AdminFreezeWindowSet'],
  ['owner_hparam_rate_limit', 'epochs', 7, 'OwnerHyperparamRateLimit', 'OwnerHyperparamRateLimitSet'],
  ['start_call_delay', 'delay', 7n, 'StartCallDelay', 'StartCallDelaySet'],
  ['max_epochs_per_block', 'max_epochs_per_block', 7, 'MaxEpochsPerBlock', 'MaxEpochsPerBlockSet'],
]

test.each(globalRows)('global: %s', (call, argument, value, item, event) => {
  const world = subnetWorld()
  world.events.length = 0
  expect(world.outcome(`sudo_set_${call}`, { [argument]: value }, signed(owner))).toBe('BadOrigin')
  expect(world.outcome(`sudo_set_${call}`, { [argument]: value }, root)).toBe('ok')
  expect(world.state.get(storage[item] as never)).toEqual(value)
  expect(world.events.map((one) => one.name)).toEqual(event === undefined ? [] : [event])
})

test('no epochs at all is not a setting, and retired calls always fail', () => {
  const world = subnetWorld()
  expect(world.outcome('sudo_set_max_epochs_per_block', { max_epochs_per_block: 0 }, root)).toBe('ValueNotInBounds')
  expect(
    world.outcome('sudo_set_network_pow_registration_allowed', { netuid: 1, registration_allowed: true }, root),
  ).toBe('POWRegistrationDisabled')
  expect(world.outcome('sudo_set_total_issuance', { total_issuance: 1n }, root)).toBe('Deprecated')
})

test('every call of the pallet stands in one of the tables above', () => {
  const tested = [
    ...ownerRows.map((row) => row.call),
    ...rootRows.map(([call]) => call),
    ...globalRows.map(([call]) => call),
  ]
  const elsewhere = [
    'alpha_values',
    'mechanism_emission_split',
    'max_mechanism_count',
    'min_allowed_uids',
    'sn_owner_hotkey',
  ]
  elsewhere.push('subnet_owner_hotkey', 'owner_cut_enabled', 'network_pow_registration_allowed', 'total_issuance')
  expect(Object.keys(adminUtils.calls).sort()).toEqual(
    [...[...tested, ...elsewhere].map((call) => `sudo_set_${call}`), 'sudo_trim_to_max_allowed_uids'].sort(),
  )
})

test('tempo control: set_tempo, set_activity_cutoff_factor, trigger_epoch', () => {
  const world = subnetWorld('normal')
  const { state } = world
  const tempo = (value: number, who = signed(owner)) => world.outcome('set_tempo', { netuid: 1, tempo: value }, who)
  expect(tempo(360, root)).toBe('BadOrigin')
  expect([tempo(359), tempo(50_401)]).toEqual(['TempoOutOfBounds', 'TempoOutOfBounds'])
  expect(tempo(400)).toBe('ok')
  expect(state.get(storage.LastEpochBlock, 1)).toBe(10n)
  expect(world.events.at(-1)).toEqual({ name: 'TempoSet', fields: { 0: 1, 1: 400 } })
  world.block = 369
  expect(tempo(400)).toBe('TxRateLimitExceeded')
  world.block = 370
  expect(tempo(400)).toBe('ok')

  const factor = (factor_milli: number, who = signed(owner)) =>
    world.outcome('set_activity_cutoff_factor', { netuid: 1, factor_milli }, who)
  expect([factor(999), factor(50_001)]).toEqual(Array(2).fill('ActivityCutoffFactorMilliOutOfBounds'))
  expect([factor(1000), factor(1000), factor(1000, root)]).toEqual(['ok', 'TxRateLimitExceeded', 'ok'])

  const trigger = () => world.outcome('trigger_epoch', { netuid: 1 }, signed(owner))
  state.set(storage.CommitRevealWeightsEnabled, [1], true)
  expect(trigger()).toBe('DynamicTempoBlockedByCommitReveal')
  state.set(storage.CommitRevealWeightsEnabled, [1], false)
  state.set(storage.AdminFreezeWindow, [], 10)
  world.block = 761
  expect(trigger()).toBe('AutoEpochAlreadyImminent')
  world.block = 760
  expect(trigger()).toBe('ok')
  expect(state.get(storage.PendingEpochAt, 1)).toBe(770n)
  expect(world.events.at(-1)).toEqual({ name: 'EpochTriggered', fields: { netuid: 1, by: owner, fires_at: 770n } })
  expect(trigger()).toBe('EpochTriggerAlreadyPending')
})
