import { chainFaults } from '../base/chainFaults.ts'
import type { Log } from '../base/log.ts'
import { type EndpointLag, lagText } from './endpointLag.ts'
import type { Standing } from './standing.ts'
import { vtrustEpochs, vtrustGap } from './vtrustWatch.ts'

/** What alarms are drawn from. */
export interface AlarmFacts {
  /** Undefined where the hotkey has no place on the subnet. */
  readonly standing: Standing | undefined
  readonly isBehindInVtrust: boolean
  readonly tempoBlocks: number
  /** Undefined before they are read. */
  readonly rateLimitBlocks: number | undefined
  readonly activityCutoffBlocks: number | undefined
  /** Epoch of the commit whose reveal was missed last, until later weights are in force. */
  readonly missedEpoch: number | undefined
  /** Since the chain was last read. */
  readonly silentMs: number
  /** How old the newest block is by this machine's clock; undefined before one was read. */
  readonly headAgeMs: number | undefined
  readonly endpoints: readonly EndpointLag[]
}

/** Stable names, for whoever searches logs for them. */
export const alarmNames = ['weight-age', 'vtrust', 'chain-lag', 'endpoint-lag', 'reveal-missed'] as const
export type AlarmName = (typeof alarmNames)[number]

export interface Alarm {
  readonly alarm: AlarmName
  readonly level: 'warn' | 'error'
  readonly text: string
}

/** Weights come once an epoch; older ones than this have met with something. */
const weightAgeTempos = 3
/** Some seven blocks of the real chain. */
const headAgeMs = 90_000
/** What goes on being wrong is told again after so long. */
const repeatMs = 3_600_000

/** What the validator's owner should look at now. */
export function alarmsOf(facts: AlarmFacts): Alarm[] {
  const { standing, missedEpoch, headAgeMs: ageMs, endpoints } = facts
  const alarms: Alarm[] = []
  const add = (alarm: AlarmName, level: Alarm['level'], text: string): void => void alarms.push({ alarm, level, text })
  const expired = weightsExpired(facts)
  const oldFrom = Math.max(weightAgeTempos * facts.tempoBlocks, 2 * (facts.rateLimitBlocks ?? 0))
  if (expired !== undefined) add('weight-age', 'error', expired)
  else if (standing?.hasPermit === true && facts.tempoBlocks > 0 && standing.weightAgeBlocks > oldFrom) {
    add('weight-age', 'warn', `the last weights are ${standing.weightAgeBlocks} blocks old`)
  }
  if (missedEpoch !== undefined) add('reveal-missed', 'error', missedText(missedEpoch))
  if (standing?.hasPermit === true && facts.isBehindInVtrust) {
    const others = standing.othersVtrust === undefined ? '' : `, the others' median ${standing.othersVtrust.toFixed(3)}`
    const since = `more than ${vtrustGap} below for ${vtrustEpochs} epochs`
    add('vtrust', 'warn', `vtrust is falling behind: ${standing.vtrust.toFixed(3)}${others}, ${since}`)
  }
  if (ageMs !== undefined && ageMs > headAgeMs) {
    add('chain-lag', 'warn', `the newest block that the node shows is ${Math.round(ageMs / 1_000)} s old`)
  }
  for (const lag of endpoints) {
    const text = lagText(lag)
    if (text !== undefined) add('endpoint-lag', 'warn', text)
  }
  return alarms
}

/** What keeps the validator from its work, for `/healthz`. */
export function validatorFaults(facts: AlarmFacts): string[] {
  const { standing, silentMs, missedEpoch } = facts
  const expired = weightsExpired(facts)
  return [
    ...chainFaults({ isRegistered: standing !== undefined, silentMs }),
    ...(standing?.hasPermit === false
      ? ['no validator permit: weights are not taken; the largest stakes get one']
      : []),
    ...(expired === undefined ? [] : [expired]),
    ...(missedEpoch === undefined ? [] : [missedText(missedEpoch)]),
  ]
}

function weightsExpired({ standing, activityCutoffBlocks: cutoff }: AlarmFacts): string | undefined {
  if (standing === undefined || !standing.hasPermit || cutoff === undefined) return undefined
  const { weightAgeBlocks } = standing
  if (weightAgeBlocks <= cutoff) return undefined
  return `weights are ${weightAgeBlocks} blocks old, and count for nothing after ${cutoff}`
}

function missedText(epoch: number): string {
  return `a reveal was missed: the weights committed in epoch ${epoch} never counted`
}

/** Logs each alarm when it begins or gets worse, each hour that it lasts, and when it is over. */
export function tellAlarms(log: Log, nowMs = () => performance.now()): (alarms: readonly Alarm[]) => void {
  const told = new Map<string, { readonly alarm: Alarm; readonly atMs: number }>()
  return (alarms) => {
    // Texts hold figures that change; the name, and for endpoints which one, tells two of them apart.
    const now = new Map(alarms.map((alarm) => [keyOf(alarm), alarm]))
    for (const [key, { alarm }] of told) {
      if (now.has(key)) continue
      told.delete(key)
      log.info({ alarm: alarm.alarm }, `over: ${alarm.text}`)
    }
    for (const [key, alarm] of now) {
      const before = told.get(key)
      const isNews = before?.alarm.level !== alarm.level || nowMs() - before.atMs >= repeatMs
      if (!isNews) continue
      told.set(key, { alarm, atMs: nowMs() })
      log[alarm.level]({ alarm: alarm.alarm }, alarm.text)
    }
  }
}

function keyOf({ alarm, text }: Alarm): string {
  return alarm === 'endpoint-lag' ? text.split(' ', 1)[0]! : alarm
}
