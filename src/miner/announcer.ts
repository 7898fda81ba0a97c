import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { ChainError } from '../chain/chainError.ts'
import { hostOfChainIp, showAddress } from '../wire/axonAddress.ts'
import type { AnnouncedAxon, MinerChain, NeuronView } from './minerChain.ts'

export interface AnnouncerOptions {
  readonly chain: Pick<MinerChain, 'announce'>
  readonly axon: AnnouncedAxon
  readonly log: Log
  /** Wait after an announcement, and first wait after a refusal that is not the rate limit's; doubles with each refusal. */
  readonly firstWaitMs: number
}

const longestWaitMs = 300_000

/**
 * Keeps the axon that stands on chain equal to the one that serves.
 *
 * @returns looks at the own neuron of a fresh view and announces where it differs; one at a time. Never rejects: a
 *   refusal is logged and tried again on a later look
 */
export function makeAnnouncer(options: AnnouncerOptions): (own: NeuronView) => Promise<void> {
  const { chain, axon, log, firstWaitMs } = options
  const at = showAddress(hostOfChainIp(axon), axon.port)
  let waitMs = firstWaitMs
  let notBeforeMs = 0
  let isBusy = false
  return async (own) => {
    if (isBusy || isAnnounced(own, axon) || performance.now() < notBeforeMs) return
    isBusy = true
    try {
      await chain.announce(axon)
      waitMs = firstWaitMs
      // A view that was being read meanwhile does not hold it yet.
      notBeforeMs = performance.now() + firstWaitMs
      log.info({ uid: own.uid, at }, 'announced')
    } catch (error) {
      if (isRateLimit(error)) {
        log.warn({ uid: own.uid, at }, `not announced yet: ${messageOf(error)}; trying again`)
        return
      }
      log.error({ uid: own.uid, at, retryMs: waitMs }, `not announced: ${messageOf(error)}`)
      notBeforeMs = performance.now() + waitMs
      waitMs = Math.min(2 * waitMs, longestWaitMs)
    } finally {
      isBusy = false
    }
  }
}

/** Whether the chain holds exactly this address and certificate. */
function isAnnounced({ axon: found, certificate }: NeuronView, wanted: AnnouncedAxon): boolean {
  if (found === undefined || certificate === undefined) return false
  const published = [certificate.algorithm, ...certificate.publicKey]
  return (
    found.ip === wanted.ip &&
    found.ipType === wanted.ipType &&
    found.port === wanted.port &&
    published.length === wanted.certificate.length &&
    published.every((byte, place) => byte === wanted.certificate[place])
  )
}

function isRateLimit(error: unknown): boolean {
  if (!(error instanceof ChainError)) return false
  const { failure } = error
  const name = failure.code === 'dispatch' ? failure.name : failure.code === 'refused' ? failure.reason : ''
  return name.endsWith('ServingRateLimitExceeded')
}
