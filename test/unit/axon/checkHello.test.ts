import { expect, test } from 'vitest'
import { checkHelloFields, isSignedHello } from '../../../src/axon/checkHello.ts'
import { toHex } from '../../../src/keys/hex.ts'
import type { HelloMessage } from '../../../src/wire/callerMessage.ts'
import { helloBytes } from '../../../src/wire/hello.ts'
import { wireLimits } from '../../../src/wire/wireLimits.ts'
import { genesis, netuid, signerOf } from './axonWorld.ts'

const nowMs = 1_764_000_000_000
const alice = await signerOf('//Alice')
const bob = await signerOf('//Bob')
const unsigned = {
  caller: bob.address,
  axon: alice.address,
  genesis,
  netuid,
  channel: '07'.repeat(32),
  timestampMs: nowMs,
}
const signature = toHex(await bob.sign(helloBytes(unsigned))).slice(2)
const hello: HelloMessage = { type: 'hello', protocol: 1, ...unsigned, signature }
const expected = { hotkey: alice.address, genesis, netuid, channel: unsigned.channel, nowMs }

const { helloWindowMs } = wireLimits
const wrong: readonly [field: keyof HelloMessage, value: string | number, code: string][] = [
  ['protocol', 2, 'wrong-protocol'],
  ['axon', bob.address, 'wrong-axon'],
  ['genesis', `0x${'30'.repeat(32)}`, 'wrong-network'],
  ['netuid', 3, 'wrong-network'],
  ['timestampMs', nowMs - helloWindowMs - 1, 'stale-hello'],
  ['timestampMs', nowMs + helloWindowMs + 1, 'stale-hello'],
  ['channel', '08'.repeat(32), 'wrong-channel'],
]

test('a hello for this axon, chain, subnet, time and channel passes, to the edges of the time window', () => {
  for (const timestampMs of [nowMs, nowMs - helloWindowMs, nowMs + helloWindowMs]) {
    expect(checkHelloFields({ ...hello, timestampMs }, expected)).toBe(undefined)
  }
  expect(isSignedHello(hello)).toBe(true)
})

test.each(wrong)('another %s (%s) is %s', (field, value, code) => {
  const other = { ...hello, [field]: value }
  expect(checkHelloFields(other, expected)).toBe(code)
  // All but the protocol's number, which chooses the form of what is signed, is under the signature.
  expect(isSignedHello(other)).toBe(field === 'protocol')
})

test('a caller that is not the signer, and one whose checksum is wrong', () => {
  expect(isSignedHello({ ...hello, caller: alice.address })).toBe(false)
  expect(isSignedHello({ ...hello, caller: `${bob.address.slice(0, -1)}x` })).toBe(false)
})
