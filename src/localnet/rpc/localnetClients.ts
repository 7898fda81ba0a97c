import { z } from 'zod'
import { failNextExtrinsic } from '../dev/failNext.ts'
import { submitAs } from '../dev/submitAs.ts'
import { decode } from '../scale/types.ts'
import { type Methods, unsafeMethod } from './method.ts'
import { account, bytes } from './params.ts'

const longestSilenceMs = 600_000
const silence = z.number().int().min(1).max(longestSilenceMs, 'give at most ten minutes, 600000')
const refusal = z.number().int().min(0).max(longestSilenceMs, 'give at most ten minutes, 600000').default(0)
/** Time for the answer to get out before its connection is cut. */
const answerMs = 20

/** What is done to clients, and in other people's names. */
export const localnetClientMethods: Methods = {
  /** Any signature of this account is good from now on. */
  localnet_impersonate: unsafeMethod([account], ({ node }, who) => {
    node.impersonate(who)
    return true
  }),
  localnet_stopImpersonating: unsafeMethod([account], ({ node }, who) => {
    node.impersonate(who, false)
    return true
  }),
  /** Sends a SCALE call as an account, whose key is not needed. @returns the extrinsic's hash */
  localnet_sendAs: unsafeMethod([account, bytes], ({ node }, who, call) =>
    submitAs(node, who, decode(node.runtime.callType, call)),
  ),
  /** Makes the next extrinsic in a block fail, with a pallet's error (`SubtensorModule.NotEnoughStake`) or `Other`. */
  localnet_failNext: unsafeMethod([z.string().optional()], ({ node }, error) => {
    failNextExtrinsic(node, error)
    return true
  }),
  /** Leaves all connections open and silent for so many milliseconds. Answers first. */
  localnet_pauseConnections: unsafeMethod([silence], ({ connections }, ms) => {
    setTimeout(() => connections.pause(ms), answerMs)
    return true
  }),
  /** Cuts all connections, and turns new ones away for so many milliseconds. Answers first. */
  localnet_dropConnections: unsafeMethod([refusal], ({ connections }, ms) => {
    setTimeout(() => connections.drop(ms), answerMs)
    return true
  }),
}
