import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { ready, sign } from '../../../src/keys/sr25519.ts'
import { blake2b256, CallError, decodeExtrinsic, signingPayload } from '../../../src/localnet/extrinsic.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import type { Hex32 } from '../../../src/localnet/scale/chainTypes.ts'
import { eraBirth, eraDeath } from '../../../src/localnet/scale/era.ts'
import { ScaleError } from '../../../src/localnet/scale/io.ts'
import { verifySignature } from '../../../src/localnet/signature.ts'
import { hex } from './signedCall.ts'

const vector = JSON.parse(
  readFileSync(new URL('../../vectors/extrinsic/mainnet-470.json', import.meta.url), 'utf8'),
) as Record<'genesisHash' | 'checkpointHash' | 'signer' | 'extrinsic' | 'hash' | 'payload' | 'scheme' | 'tip', Hex32> &
  Record<'specVersion' | 'transactionVersion' | 'block' | 'checkpointBlock' | 'period' | 'phase' | 'nonce', number>

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
const runtime = localnetRuntime('fast')

beforeAll(ready)

test('a transfer of the real chain decodes, hashes and verifies', () => {
  const extrinsic = decodeExtrinsic(runtime, bytesOf(vector.extrinsic))
  const signed = extrinsic.signed!
  expect(extrinsic.hash).toBe(vector.hash)
  expect(extrinsic.call).toMatchObject({ pallet: 'Balances', name: 'transfer_keep_alive' })
  expect(signed).toMatchObject({
    signer: vector.signer,
    nonce: vector.nonce,
    tip: BigInt(vector.tip),
    era: { type: 'Mortal', period: vector.period, phase: vector.phase },
    checksMetadata: false,
  })
  expect(signed.signature.type).toBe(vector.scheme)
  expect(eraBirth(signed.era, vector.block)).toBe(vector.checkpointBlock)
  expect(eraDeath(signed.era, vector.block)).toBe(vector.checkpointBlock + vector.period)
  const payload = signingPayload(extrinsic.callBytes, signed.extra, vector)
  expect(hex(payload)).toBe(vector.payload)
  expect(verifySignature(signed.signer, payload, signed.signature)).toBe(true)
  payload[3]! ^= 1
  expect(verifySignature(signed.signer, payload, signed.signature)).toBe(false)
})

test('a payload of more than 256 bytes is hashed before it is signed', () => {
  const extra = Uint8Array.of(0, 0, 0, 0)
  // Spec, version, two hashes, the missing metadata hash.
  const implicitBytes = 4 + 4 + 32 + 32 + 1
  const longest = new Uint8Array(256 - extra.length - implicitBytes)
  expect(signingPayload(longest, extra, vector)).toHaveLength(256)
  const longer = signingPayload(new Uint8Array(longest.length + 1), extra, vector)
  expect(longer).toHaveLength(32)
})

test('all three signature schemes verify, and none takes what is not a signature', async () => {
  const { ed25519Sign, ed25519KeypairFromSeed } = await import('@polkadot/wasm-crypto')
  const { secp256k1 } = await import('@noble/curves/secp256k1.js')
  const message = Buffer.from('a payload')
  const alice = await pairFromUri('//Alice')
  const seed = new Uint8Array(32).fill(7)
  const edPair = ed25519KeypairFromSeed(seed)
  const recoveryFirst = secp256k1.sign(blake2b256(message), seed, { prehash: false, format: 'recovered' })
  const cases = [
    { type: 'Sr25519', 0: sign(alice, message), key: alice.publicKey },
    { type: 'Ed25519', 0: ed25519Sign(edPair.slice(32), edPair.slice(0, 32), message), key: edPair.slice(32) },
    {
      type: 'Ecdsa',
      0: Uint8Array.of(...recoveryFirst.slice(1), recoveryFirst[0]!),
      key: blake2b256(secp256k1.getPublicKey(seed)),
    },
  ] as const
  for (const { type, 0: signature, key } of cases) {
    const account = `0x${Buffer.from(key).toString('hex')}` as const
    expect(verifySignature(account, message, { type, 0: signature })).toBe(true)
    expect(verifySignature(account, Buffer.from('another'), { type, 0: signature })).toBe(false)
    for (const fill of [0, 1, 0xff]) {
      expect(verifySignature(account, message, { type, 0: signature.slice().fill(fill) })).toBe(false)
    }
  }
})

test('any bytes either decode to exactly themselves or are refused as malformed', () => {
  const valid = bytesOf(vector.extrinsic)
  const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => {
    const copy = valid.slice()
    copy[at] = byte
    return copy
  })
  const cut = fc.nat(valid.length).map((length) => valid.slice(0, length))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated, cut), (bytes) => {
      try {
        const { call, callBytes, bytes: kept } = decodeExtrinsic(runtime, bytes)
        expect(kept).toBe(bytes)
        expect(runtime.findCall(call)).toBeDefined()
        expect(callBytes.length).toBeGreaterThanOrEqual(2)
      } catch (error) {
        if (!(error instanceof ScaleError)) throw error
      }
    }),
    { numRuns: 2_000 },
  )
})

test('what is wrong with a call is told apart from what is wrong around it', () => {
  const valid = bytesOf(vector.extrinsic)
  expect(() => decodeExtrinsic(runtime, valid.slice(0, -1))).toThrow(ScaleError)
  const wrongPallet = valid.slice()
  // Two bytes of index, one of address kind, 32 of account, a compact of four bytes.
  wrongPallet[valid.length - 39] = 0xee
  expect(() => decodeExtrinsic(runtime, wrongPallet)).toThrow(CallError)
  const version = valid.slice()
  version[2] = 0x85
  expect(() => decodeExtrinsic(runtime, version)).toThrow(/version byte 0x85/)
})
