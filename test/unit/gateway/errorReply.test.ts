import { expect, test } from 'vitest'
import { DendriteError } from '../../../src/dendrite/dendriteError.ts'
import { errorReply } from '../../../src/gateway/errorReply.ts'
import { GatewayError } from '../../../src/gateway/gatewayError.ts'

test('a miner’s word does not make clients wait for ever', () => {
  const waitOf = (retryAfterMs: number): number | undefined => {
    const last = new DendriteError('later', { code: 'unanswered', reason: 'rate-limited', retryAfterMs })
    const failure = { code: 'unanswered', domain: 'law', last: last.failure } as const
    return errorReply(new GatewayError('no miner of law answers', failure)).retryAfterMs
  }
  expect(waitOf(2_500)).toBe(2_500)
  expect(waitOf(Number.MAX_SAFE_INTEGER)).toBe(60_000)
})
