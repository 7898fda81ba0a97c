import type { Admission, IpVerdict } from '../axon/answer.ts'
import type { SubnetView } from './minerChain.ts'
import type { NameList } from './nameList.ts'

/** Whom an owner serves. What is left out asks for nothing. */
export interface CallerPolicy {
  /** Served whatever their stake and permit, registered or not; addresses are not counted. */
  readonly allow?: NameList
  /** Never served, whatever else says so. */
  readonly deny?: NameList
  /** Nobody is served who is not in `allow`, as far as that names hotkeys, and addresses. */
  readonly onlyAllowed?: boolean
  /** Alpha on this subnet, in rao. */
  readonly minStake?: bigint
  readonly forceValidatorPermit?: boolean
  readonly allowNonRegistered?: boolean
}

/** Who may ask, as of the last look at the chain. */
export interface Callers {
  update(view: SubnetView): void
  configure(policy: CallerPolicy): void
  admit(hotkey: string): Admission
  judgeIp(ip: string): IpVerdict
}

/** A hotkey's turns are never fewer than this part of those of the hotkey with the most stake. */
const leastWeight = 1 / 100

const loopback = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/

interface Known {
  readonly stake: bigint
  readonly weight: number
  readonly hasPermit: boolean
}

const unregistered: Known = { stake: 0n, weight: leastWeight, hasPermit: false }

/** @param onUnknown hears of a hotkey that is not in the table, which may have registered since */
export function makeCallers(onUnknown: () => void): Callers {
  let known = new Map<string, Known>()
  let policy: CallerPolicy = {}
  return {
    update: ({ neurons }) => {
      const most = neurons.reduce((most, { alphaStake }) => (alphaStake > most ? alphaStake : most), 0n)
      known = new Map(
        neurons.map(({ hotkey, alphaStake: stake, validatorPermit: hasPermit }) => {
          const weight = most === 0n ? 1 : Math.max(leastWeight, Number(stake) / Number(most))
          return [hotkey, { stake, weight, hasPermit }]
        }),
      )
    },
    configure: (next) => {
      policy = next
    },
    admit: (hotkey) => {
      const { allow, deny, onlyAllowed, minStake = 0n, forceValidatorPermit, allowNonRegistered } = policy
      if (deny?.hotkeys.has(hotkey) === true) return { ok: false, code: 'denied' }
      const found = known.get(hotkey)
      const { stake, weight, hasPermit } = found ?? unregistered
      if (allow?.hotkeys.has(hotkey) === true) return { ok: true, stake, weight }
      if (onlyAllowed === true && (allow === undefined || allow.hotkeys.size > 0 || !allow.hasIps)) {
        return { ok: false, code: 'denied' }
      }
      if (found === undefined && allowNonRegistered !== true) {
        onUnknown()
        return { ok: false, code: 'unknown-hotkey' }
      }
      if (forceValidatorPermit === true && !hasPermit) return { ok: false, code: 'no-permit' }
      if (stake < minStake) return { ok: false, code: 'low-stake' }
      return { ok: true, stake, weight }
    },
    judgeIp: (ip) => {
      const { allow, deny, onlyAllowed } = policy
      if (deny?.hasIp(ip) === true) return 'denied'
      if (allow?.hasIp(ip) === true) return 'trusted'
      if (onlyAllowed === true && allow?.hasIps === true) return 'denied'
      // This machine: the owner, or a proxy or tunnel through which everybody comes.
      return loopback.test(ip) ? 'trusted' : 'counted'
    },
  }
}
