import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nativeCrypto } from '../../../src/dendrite/nativeCrypto.ts'
import * as ed25519 from '../../../src/keys/ed25519.ts'
import { toHex } from '../../../src/keys/hex.ts'
import { answerHash, requestHash, settingsHash } from '../../../src/wire/hashes.ts'
import { helloBytes } from '../../../src/wire/hello.ts'
import { type Receipt, receiptSchema, receiptText } from '../../../src/wire/receipt.ts'
import { verifyReceipt } from '../../../src/wire/verifyReceipt.ts'
import * as arbitrary from './arbitraryMessages.ts'

const request = { messages: [{ role: 'user' as const, content: 'Which court?' }], maxTokens: 64, temperature: 0 }
const answer = 'The federal one.'
const pair = ed25519.pairFromSeed(new Uint8Array(32).fill(7))

function signed(fields: Partial<Receipt> = {}): Receipt {
  const unsigned = {
    version: 1 as const,
    miner: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    caller: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    genesis: `0x${'2f'.repeat(32)}`,
    netuid: 2,
    requestId: 'r:1',
    domain: 'law',
    requestHash: requestHash(request),
    settingsHash: settingsHash(request),
    modelFingerprint: '03'.repeat(32),
    answerHash: answerHash(answer),
    traceHash: '04'.repeat(32),
    promptTokens: 12,
    completionTokens: 5,
    issuedAtMs: 1_764_000_000_000,
    ...fields,
  }
  const signature = toHex(ed25519.sign(pair, new TextEncoder().encode(receiptText(unsigned)))).slice(2)
  return { ...unsigned, signature }
}

describe('receiptText', () => {
  test('a vector, written out', () => {
    const receipt = signed()
    expect(receiptText(receipt)).toBe(
      [
        'faculty-receipt-v1',
        '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
        '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
        `0x${'2f'.repeat(32)}`,
        '2',
        'r:1',
        'law',
        createHash('sha256').update('[{"content":"Which court?","role":"user"}]').digest('hex'),
        createHash('sha256').update('{"maxTokens":64,"temperature":0}').digest('hex'),
        '03'.repeat(32),
        createHash('sha256').update('The federal one.').digest('hex'),
        '04'.repeat(32),
        '12',
        '5',
        '1764000000000',
        '',
      ].join('\n'),
    )
    // By `openssl pkeyutl -sign -rawin` with the seed 07…07: Ed25519 signs the same text the same way everywhere.
    expect(receipt.signature).toBe(
      'ab1d53e358b187b1cf19d0457fb7b7bbdff01c6688b9bf91cae7ea5017a897a9' +
        '78caaf91b1dceb99ffd28ecf5493ede039e5a3b6db195554440e51988035a004',
    )
  })

  test('is ASCII, one line a field, and two receipts never share it', () => {
    fc.assert(
      fc.property(arbitrary.receipt, arbitrary.receipt, (one, other) => {
        expect(receiptText(one)).toMatch(/^([!-~]+\n){15}$/)
        const { signature: _a, ...fields } = one
        const { signature: _b, ...others } = other
        expect(receiptText(one) === receiptText(other)).toBe(JSON.stringify(fields) === JSON.stringify(others))
      }),
    )
  })

  test('changes with each field', () => {
    const receipt = signed()
    const fields = Object.keys(receiptSchema.shape).filter((name) => name !== 'version' && name !== 'signature')
    expect(fields).toHaveLength(14)
    fc.assert(
      fc.property(arbitrary.receipt, (other) => {
        for (const field of fields) {
          const mixed = { ...receipt, [field]: other[field as keyof Receipt] }
          const same = mixed[field as keyof Receipt] === receipt[field as keyof Receipt]
          expect(receiptText(mixed) === receiptText(receipt), field).toBe(same)
        }
      }),
    )
  })
})

test('helloBytes: a vector, written out', () => {
  const hello = {
    caller: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    axon: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    genesis: `0x${'2f'.repeat(32)}`,
    netuid: 2,
    channel: '05'.repeat(32),
    timestampMs: 1_764_000_000_000,
  }
  expect(new TextDecoder().decode(helloBytes(hello))).toBe(
    `faculty-hello-v1\n${hello.caller}\n${hello.axon}\n${hello.genesis}\n2\n${hello.channel}\n1764000000000\n`,
  )
})

describe.each([
  ['portable', undefined],
  ['native', nativeCrypto(pair.publicKey)],
])('verifyReceipt, %s', (_name, crypto) => {
  const claims = { publicKey: pair.publicKey, request, answer }
  const verdict = (receipt: Receipt, more: object = {}) => verifyReceipt(receipt, { ...claims, ...more }, crypto)

  test('accepts what the key signed over this request and answer', () => {
    expect(verdict(signed())).toEqual({ ok: true })
    expect(verifyReceipt(signed(), { publicKey: pair.publicKey }, crypto)).toEqual({ ok: true })
  })

  const others: Readonly<Record<Exclude<keyof Receipt, 'version' | 'signature'>, string | number>> = {
    miner: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    caller: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    genesis: `0x${'30'.repeat(32)}`,
    netuid: 3,
    requestId: 'r:2',
    domain: 'finance',
    requestHash: '11'.repeat(32),
    settingsHash: '11'.repeat(32),
    modelFingerprint: '11'.repeat(32),
    answerHash: '11'.repeat(32),
    traceHash: '11'.repeat(32),
    promptTokens: 13,
    completionTokens: 6,
    issuedAtMs: 1_764_000_000_001,
  }
  const comparedWithClaims = ['requestHash', 'settingsHash', 'answerHash']

  test.each(Object.entries(others))('a receipt whose %s was changed after signing is refused', (field, value) => {
    const part = comparedWithClaims.includes(field) ? field : 'signature'
    expect(verdict({ ...signed(), [field]: value })).toMatchObject({ ok: false, part })
    // Without anything to compare with, the signature alone finds it.
    expect(verifyReceipt({ ...signed(), [field]: value }, { publicKey: pair.publicKey }, crypto)).toMatchObject({
      ok: false,
      part: 'signature',
    })
  })

  test.each(Object.entries(others))('a well-signed receipt about another %s is refused by name', (field, value) => {
    const receipt = signed({ [field]: value })
    const wanted = { [field]: signed()[field as keyof Receipt] }
    expect(verdict(receipt, { fields: wanted })).toEqual({
      ok: false,
      part: field,
      message: `${field} is ${value} where ${wanted[field]} was expected`,
    })
  })

  test('another request, other settings, another answer', () => {
    const asked = { messages: [{ role: 'user' as const, content: 'Which court ?' }], maxTokens: 64, temperature: 0 }
    expect(verdict(signed(), { request: asked })).toMatchObject({ part: 'requestHash' })
    expect(verdict(signed(), { request: { ...request, seed: 1 } })).toMatchObject({ part: 'settingsHash' })
    expect(verdict(signed(), { answer: `${answer} ` })).toMatchObject({ part: 'answerHash' })
  })

  test('each flipped bit of the signature', () => {
    const receipt = signed()
    const flipped = (bit: number): string => {
      const bytes = Buffer.from(receipt.signature, 'hex')
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      return bytes.toString('hex')
    }
    for (let bit = 0; bit < 512; bit += 7) {
      expect(verdict({ ...receipt, signature: flipped(bit) })).toMatchObject({ ok: false, part: 'signature' })
    }
  })
})

test('the receipt of another key is refused', () => {
  const { publicKey } = ed25519.pairFromSeed(new Uint8Array(32).fill(8))
  expect(verifyReceipt(signed(), { publicKey })).toMatchObject({ ok: false, part: 'signature' })
  expect(verifyReceipt(signed(), { publicKey }, nativeCrypto(publicKey))).toMatchObject({ part: 'signature' })
})
