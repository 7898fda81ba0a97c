import { z } from 'zod'
import { type AxonLimits, defaultAxonLimits as defaults } from '../axon/axonLimits.ts'
import type { Rate } from '../axon/rateTable.ts'
import { type SettingValues, setting } from '../base/config.ts'
import type { CallerPolicy } from '../miner/callers.ts'
import { readNameList } from '../miner/nameList.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { count, tokens } from './settings.ts'

const perMinute = z.coerce.number('give a number').int('give a whole number').min(0, 'give 0 or more')

/** In a file also a YAML list. */
const names = z
  .union([z.string(), z.array(z.string())])
  .transform((given) =>
    (typeof given === 'string' ? given.split(',') : given).map((name) => name.trim()).filter((name) => name !== ''),
  )

/**
 * Whom a miner serves, and how much of itself it grants: all that may be changed while it serves. See docs/admission.md.
 */
export const admissionSettings = {
  'blacklist.force_validator_permit': setting(z.boolean().default(false), {
    help: 'serve hotkeys with a validator permit only',
    env: 'BT_BLACKLIST_FORCE_VALIDATOR_PERMIT',
  }),
  'blacklist.allow_non_registered': setting(z.boolean().default(false), {
    help: 'serve hotkeys that are not registered on the subnet too',
    env: 'BT_BLACKLIST_ALLOW_NON_REGISTERED',
  }),
  'admission.min_stake': setting(tokens.optional(), {
    help: 'alpha that a hotkey must have on the subnet',
    aliases: ['blacklist.min_stake'],
    takes: 'ALPHA',
  }),
  'admission.allow': setting(names.optional(), {
    help: 'hotkeys, IP addresses and ranges that are served whatever their stake, comma-separated',
    takes: 'LIST',
  }),
  'admission.deny': setting(names.optional(), {
    help: 'hotkeys, IP addresses and ranges that are never served, comma-separated',
    takes: 'LIST',
  }),
  'admission.only_allowed': setting(z.boolean().default(false), { help: 'serve nobody who is not in admission.allow' }),
  'admission.requests_per_minute': setting(perMinute.default(0), {
    help: 'requests of one hotkey, ten seconds’ worth of them at once; 0: no limit',
    takes: 'N',
  }),
  'admission.connections_per_minute': setting(perMinute.default(defaults.connectionsPerIp.perMinute), {
    help: 'new connections of one IPv4 address or IPv6 /64; 0: no limit',
    takes: 'N',
  }),
  'admission.sessions_per_hotkey': setting(count.default(defaults.maxSessionsPerHotkey), {
    help: 'open at one time',
    takes: 'N',
  }),
  'admission.max_sessions': setting(count.default(defaults.maxSessions), {
    help: 'open at one time, of all hotkeys',
    takes: 'N',
  }),
  'admission.max_pending': setting(count.default(defaults.maxPending), {
    help: 'requests of one session, or of one hotkey by HTTP, in flight: waiting or running',
    takes: 'N',
  }),
  'admission.max_waiting': setting(count.default(defaults.maxWaiting), {
    help: 'requests that wait for their turn, of all hotkeys',
    takes: 'N',
  }),
  'admission.max_request_bytes': setting(
    count
      .max(wireLimits.maxCallerFrameBytes, `give ${wireLimits.maxCallerFrameBytes} or less`)
      .default(defaults.maxFrameBytes),
    { help: 'length of one request', takes: 'BYTES' },
  ),
  'axon.max_workers': setting(count.default(defaults.maxRunning), {
    help: 'answers being made at one time; as many as the model then computes together is settled at the start',
    env: 'BT_AXON_MAX_WORKERS',
    takes: 'N',
  }),
}

type AdmissionValues = SettingValues<typeof admissionSettings>

/** What the settings mean to a miner. @throws InputError for a name that is no hotkey, address or range */
export function admissionOf(values: AdmissionValues): { policy: CallerPolicy; limits: Partial<AxonLimits> } {
  const policy: CallerPolicy = {
    allow: readNameList('admission.allow', values['admission.allow'] ?? []),
    deny: readNameList('admission.deny', values['admission.deny'] ?? []),
    onlyAllowed: values['admission.only_allowed'],
    minStake: values['admission.min_stake'] ?? 0n,
    forceValidatorPermit: values['blacklist.force_validator_permit'],
    allowNonRegistered: values['blacklist.allow_non_registered'],
  }
  const limits: Partial<AxonLimits> = {
    asksPerHotkey: rateOf(values['admission.requests_per_minute']),
    connectionsPerIp: rateOf(values['admission.connections_per_minute']),
    maxSessionsPerHotkey: values['admission.sessions_per_hotkey'],
    maxSessions: values['admission.max_sessions'],
    maxPending: values['admission.max_pending'],
    maxWaiting: values['admission.max_waiting'],
    maxFrameBytes: values['admission.max_request_bytes'],
    maxRunning: values['axon.max_workers'],
  }
  return { policy, limits }
}

const burstsPerMinute = 6

function rateOf(perMinute: number): Rate {
  if (perMinute === 0) return { perMinute: Number.POSITIVE_INFINITY, burst: 1 }
  return { perMinute, burst: Math.ceil(perMinute / burstsPerMinute) }
}
