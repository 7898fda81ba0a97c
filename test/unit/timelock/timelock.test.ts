import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { quicknet } from '../../../src/timelock/beacon.ts'
import { decodeCiphertext, encodeCiphertext, overheadBytes } from '../../../src/timelock/ciphertext.ts'
import { makeBeaconKey } from '../../../src/timelock/makeBeaconKey.ts'
import { encodeText, encodeWeightsPayload } from '../../../src/timelock/payloads.ts'
import { revealRoundAt, roundAt, timeOfRoundMs } from '../../../src/timelock/rounds.ts'
import { signRound, verifyRound } from '../../../src/timelock/scheme.ts'
import { openTimelock, timelock } from '../../../src/timelock/timelock.ts'
import { TimelockError } from '../../../src/timelock/timelockError.ts'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/commit-reveal/${name}.json`, import.meta.url), 'utf8'))
const { timelock: vector, reveal_round } = read('timelocked-commit')
const python = read('bittensor-drand-2.0.0')
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (from: Uint8Array): string => Buffer.from(from).toString('hex')
const [payload, commit, signature] = [vector.payload_hex, vector.commit_hex, vector.signature].map(bytes)
const failureOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    if (error instanceof TimelockError) return error.failure.code
    throw error
  }
}

test('quicknet is described as in the vectors, and signed round 1000', () => {
  expect(hex(quicknet.publicKey)).toBe(vector.public_key)
  expect([quicknet.chainHash, quicknet.genesisTimeS, quicknet.periodS]).toEqual([
    vector.chain_hash,
    vector.genesis,
    vector.period,
  ])
  expect(verifyRound(quicknet.publicKey, 1000, signature!)).toBe(true)
  expect(verifyRound(quicknet.publicKey, 1001, signature!)).toBe(false)
  expect(verifyRound(quicknet.publicKey, 1000, new Uint8Array(48))).toBe(false)
  expect(verifyRound(quicknet.publicKey, 1000, signature!.subarray(1))).toBe(false)
})

test('the vector: the same bytes come out, and the round opens them', () => {
  const random = { key: bytes(vector.esk_hex), sigma: bytes(vector.sigma_hex), nonce: bytes(vector.nonce_hex) }
  const made = timelock(payload!, { publicKey: quicknet.publicKey, round: vector.round, random })
  expect(hex(made)).toBe(vector.commit_hex)
  expect(made.length).toBe(vector.length)
  expect(made.length).toBe(payload!.length + overheadBytes)
  expect(hex(openTimelock(commit!, signature!))).toBe(vector.payload_hex)
})

test.each(python.cases as Record<'what' | 'message' | 'ciphertext', string>[])(
  'what the Python package locked is opened: $what',
  ({ message, ciphertext }) => {
    expect(hex(openTimelock(bytes(ciphertext), signature!))).toBe(message)
    expect(bytes(ciphertext)).toHaveLength(message.length / 2 + overheadBytes)
  },
)

test('weights are laid out as in the vector', () => {
  const hotkey = payload!.subarray(1, 33)
  const weights = { hotkey, uids: [0, 1, 2], values: [10_922, 21_845, 65_535], versionKey: 10_002_000n }
  expect(hex(encodeWeightsPayload(weights))).toBe(vector.payload_hex)
  expect(() => encodeWeightsPayload({ ...weights, values: [65_536] })).toThrow('values[0]: 65536 cannot be used')
  expect(hex(encodeText('ü'))).toBe('08c3bc')
  expect(hex(encodeText('x'.repeat(64)).subarray(0, 2))).toBe('0101')
  expect(encodeWeightsPayload({ ...weights, uids: weights256, values: weights256 })).toHaveLength(1069)
})

const weights256 = Array.from({ length: 256 }, (_, i) => i)

test("a beacon of one's own: same seed, same key; a message opens with its round and with no other", () => {
  const beacon = makeBeaconKey('a')
  expect(makeBeaconKey('a')).toEqual(beacon)
  expect(makeBeaconKey('b').publicKey).not.toEqual(beacon.publicKey)
  const signed = signRound(beacon.secret, 7)
  expect(verifyRound(beacon.publicKey, 7, signed)).toBe(true)
  expect(verifyRound(makeBeaconKey('b').publicKey, 7, signed)).toBe(false)
  const message = Buffer.from('hello')
  const locked = timelock(message, { publicKey: beacon.publicKey, round: 7 })
  expect(hex(timelock(message, { publicKey: beacon.publicKey, round: 7 }))).not.toBe(hex(locked))
  expect(hex(openTimelock(locked, signed))).toBe(hex(message))
  expect(failureOf(() => openTimelock(locked, signRound(beacon.secret, 8)))).toBe('not-opened')
})

test('altered bytes are refused, wherever they are', () => {
  const { body } = decodeCiphertext(commit!)
  const parts = { u: 3, v: 110, w: 150, body: 96 + 40 + 40 + 16, tag: 96 + 40 + 40 + 16 + body.length - 1, suite: 298 }
  const outcomes = Object.values(parts).map((at) => {
    const altered = commit!.slice()
    altered[at]! ^= 1
    return failureOf(() => openTimelock(altered, signature!))
  })
  expect(outcomes).toEqual(['malformed', 'not-opened', 'not-opened', 'not-opened', 'not-opened', 'malformed'])
  for (const length of [0, 95, 100, 140, 200, 298]) {
    expect(failureOf(() => openTimelock(commit!.subarray(0, length), signature!))).toBe('malformed')
  }
  const longVector = commit!.slice()
  longVector.fill(0xff, 96, 104)
  expect(failureOf(() => openTimelock(longVector, signature!))).toBe('malformed')
  expect(failureOf(() => openTimelock(commit!, new Uint8Array(48)))).toBe('malformed')
})

test('rounds and times', () => {
  const beacon = { genesisTimeS: 100, periodS: 3 }
  expect([99_999, 100_000, 102_999, 103_000].map((ms) => roundAt(beacon, ms))).toEqual([0, 1, 1, 2])
  expect([1, 2, 10].map((round) => timeOfRoundMs(beacon, round))).toEqual([100_000, 103_000, 127_000])
  expect([99_000, 100_000, 106_000].map((ms) => revealRoundAt(beacon, ms))).toEqual([1, 1, 2])
  for (const { now, reveal, head, block_time, round } of reveal_round) {
    expect(revealRoundAt(quicknet, (now + (reveal + 3 - head) * block_time) * 1000)).toBe(round)
  }
})

test('the point at infinity, which no pairing takes, is neither a message, nor a signature, nor a key', () => {
  const infinity = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xc0 : 0))
  const { publicKey } = makeBeaconKey('test')
  const parts = decodeCiphertext(timelock(Uint8Array.of(1), { publicKey, round: 3 }))
  const hostile = encodeCiphertext({ ...parts, u: infinity(96) })
  expect(failureOf(() => openTimelock(hostile, signature!))).toBe('malformed')
  expect(failureOf(() => openTimelock(commit!, infinity(48)))).toBe('malformed')
  expect(verifyRound(quicknet.publicKey, 1000, infinity(48))).toBe(false)
  expect(failureOf(() => timelock(Uint8Array.of(1), { publicKey: infinity(96), round: 3 }))).toBe('malformed')
})
