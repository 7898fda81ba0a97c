import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { pairFromUri } from '../../../../src/keys/derive.ts'
import * as ed25519 from '../../../../src/keys/ed25519.ts'
import { fromHex } from '../../../../src/keys/hex.ts'
import * as sr25519 from '../../../../src/keys/sr25519.ts'
import { decodeAddress } from '../../../../src/keys/ss58.ts'
import { btauthText, readBtauthHeaders, writeBtauthHeaders } from '../../../../src/wire/bittensor/btauth.ts'
import { readEpistulaHeaders } from '../../../../src/wire/bittensor/epistula.ts'
import type { ReadHeaders, SignedRequest } from '../../../../src/wire/bittensor/signedRequest.ts'
import {
  readSynapseHeaders,
  synapseText,
  writeSynapseHeaders,
  writeSynapseReply,
} from '../../../../src/wire/bittensor/synapseHeaders.ts'
import { anyText, vectors } from './vectors.ts'

const alice = vectors.keys.alice_sr25519!.ss58
const bob = vectors.keys.bob_sr25519!.ss58
const anyHash = 'ab'.repeat(32)

beforeAll(() => sr25519.ready())

function verifies(address: string, text: string, signature: string): boolean {
  return sr25519.verify(decodeAddress(address).publicKey, Buffer.from(text), fromHex(signature, 64))
}

function taken(read: ReadHeaders): SignedRequest {
  if (!read.ok) throw new Error(read.problem)
  return read.request
}

describe('SDK 10', () => {
  const { text, signature } = vectors.dendrite_request
  const [nonce, , , uuid, bodyHash] = text.split('.') as [string, string, string, string, string]
  const parts = { nonce, hotkey: alice, axon: bob, uuid, bodyHash }
  const head = { ...parts, name: 'Dummy', timeoutMs: 1_000, axonIp: '127.0.0.1', axonPort: 8291 }
  const written = writeSynapseHeaders({
    ...head,
    signature: signature.slice(2),
    required: { domain: '', messages: [] },
  })

  test('signs what the vector signs', () => {
    expect(synapseText(parts)).toBe(text)
    expect(verifies(alice, text, signature)).toBe(true)
  })

  test('what is written is read back', () => {
    const request = taken(readSynapseHeaders(written))
    expect(request).toMatchObject({
      hotkey: alice,
      receiver: bob,
      madeAtMs: 1_767_225_600_000,
      timeoutMs: 1_000,
      maxAgeMs: 5_000,
      signature: signature.slice(2),
      bodyHash,
    })
    expect(request.signedText({ axon: bob, bodySha256: anyHash })).toBe(text)
  })

  test('the headers are those that a Dendrite was seen to send, in its order', () => {
    const captured = vectors.captured_dendrite_request.headers_in_order.map(([name]) => name)
    const ours = Object.keys(written).map((name) => name.replace(/_(domain|messages)$/, '_x'))
    // Its own outside address is for the axon to see, and the last one is the body's.
    expect([...new Set(ours)]).toEqual(
      captured.filter((name) => name !== 'bt_header_dendrite_ip' && name !== 'Content-Type'),
    )
    expect(written.timeout).toBe('1.0')
    expect(written.bt_header_input_obj_domain).toBe(vectors.dummy_input_obj.str)
    expect(written.bt_header_input_obj_messages).toBe(vectors.dummy_input_obj.list)
  })

  test('a captured request is read, but for its names, which are no addresses', () => {
    const { headers_in_order, signed_text } = vectors.captured_dendrite_request
    const headers = Object.fromEntries(headers_in_order.map(([name, value]) => [name.toLowerCase(), value]))
    const named = (text: string) => text.replace('CLIENT', alice).replace('SERVER', bob)
    headers.bt_header_dendrite_signature = signature
    expect(readSynapseHeaders(headers)).toEqual({ ok: false, problem: 'bt_header_dendrite_hotkey' })
    for (const [name, value] of Object.entries(headers)) headers[name] = named(value)
    const request = taken(readSynapseHeaders(headers))
    expect(request.signedText({ axon: bob, bodySha256: anyHash })).toBe(named(signed_text))
  })

  test('an answer has every header that a success was seen to have', () => {
    const reply = writeSynapseReply({
      name: 'Dummy',
      status: 200,
      message: 'Success',
      elapsedMs: 1,
      axon: bob,
      request: written,
      required: { x: '' },
    })
    const captured = vectors.captured_axon_success_response.headers_in_order.map(([name]) => name)
    expect(Object.keys(reply)).toEqual(expect.arrayContaining(captured.filter((name) => !name.startsWith('content-'))))
  })

  test('no text breaks out of its header', () => {
    fc.assert(
      fc.property(anyText, (message) => {
        const reply = writeSynapseReply({
          name: 'X',
          status: 400,
          message,
          elapsedMs: 1,
          axon: bob,
          request: {},
          required: {},
        })
        return Object.values(reply).every((value) => /^[\x20-\x7e]{0,512}$/.test(value))
      }),
    )
  })

  test.each([
    ['bt_header_dendrite_hotkey', undefined],
    ['bt_header_dendrite_nonce', undefined],
    ['bt_header_dendrite_nonce', '1e18'],
    ['bt_header_dendrite_nonce', '-5'],
    ['bt_header_dendrite_nonce', '1767225600000000000, 1767225600000000001'],
    ['bt_header_dendrite_uuid', ''],
    ['bt_header_dendrite_uuid', 'x'.repeat(65)],
    ['bt_header_dendrite_signature', '0x12'],
    ['computed_body_hash', undefined],
    ['computed_body_hash', anyHash.toUpperCase()],
    ['timeout', 'soon'],
    ['timeout', '-1'],
  ])('%s: %s is refused by name', (name, value) => {
    expect(readSynapseHeaders({ ...written, [name]: value })).toEqual({ ok: false, problem: name })
  })
})

describe('btauth/1', () => {
  const { body, body_sha256, method, target, nonce, receiver, ed25519_sender, ed25519_signature } = vectors.btauth_1
  const line = { method, target }

  test('signs the eight lines of the vector', () => {
    expect(createHash('sha256').update(body).digest('hex')).toBe(body_sha256)
    const parts = { ...line, scheme: 'sr25519', bodySha256: body_sha256, nonce, hotkey: alice, receiver } as const
    expect(btauthText(parts)).toBe(vectors.btauth_1.sr25519_payload)
    const request = taken(readBtauthHeaders(lower(writeBtauthHeaders(parts, '00'.repeat(64))), line))
    expect(request.signedText({ axon: bob, bodySha256: body_sha256 })).toBe(vectors.btauth_1.sr25519_payload)
    expect(request).toMatchObject({ hotkey: alice, receiver: bob, isBound: true, madeAtMs: 1_752_076_800_000 })
  })

  test('an Ed25519 hotkey gives the signature of the vector', async () => {
    const parts = {
      ...line,
      scheme: 'ed25519',
      bodySha256: body_sha256,
      nonce,
      hotkey: ed25519_sender,
      receiver,
    } as const
    const pair = await pairFromUri('//Alice', 'ed25519')
    const signature = Buffer.from(ed25519.sign(pair, Buffer.from(btauthText(parts)))).toString('hex')
    expect(`0x${signature}`).toBe(ed25519_signature)
    const request = taken(readBtauthHeaders(lower(writeBtauthHeaders(parts, signature)), line))
    expect(request.keyType).toBe('ed25519')
  })

  const good = lower(
    writeBtauthHeaders(
      { ...line, scheme: 'sr25519', bodySha256: body_sha256, nonce, hotkey: alice, receiver },
      'ab'.repeat(64),
    ),
  )

  test.each([
    ['Version', '2'],
    ['Hotkey', 'alice'],
    ['Nonce', '0'],
    ['Crypto', 'mldsa'],
    ['Signature', 'ab'],
  ])('X-Bittensor-%s: %s is refused by name', (name, value) => {
    const read = readBtauthHeaders({ ...good, [`x-bittensor-${name.toLowerCase()}`]: value }, line)
    expect(read).toEqual({ ok: false, problem: `X-Bittensor-${name}` })
  })

  test('without a receiver it is bound to none', () => {
    const { 'x-bittensor-receiver': _, ...rest } = good
    const request = taken(readBtauthHeaders(rest, line))
    expect(request.isBound).toBe(false)
    expect(request.signedText({ axon: bob, bodySha256: body_sha256 })).toMatch(/\n-$/)
  })
})

describe('Epistula', () => {
  const { body, body_sha256, uuid, timestamp, text, signature } = vectors.epistula_v2
  const good = {
    'epistula-version': '2',
    'epistula-timestamp': timestamp,
    'epistula-uuid': uuid,
    'epistula-signed-by': alice,
    'epistula-signed-for': bob,
    'epistula-request-signature': signature,
  }

  test('signs what the vector signs', () => {
    expect(createHash('sha256').update(body).digest('hex')).toBe(body_sha256)
    const request = taken(readEpistulaHeaders(good))
    expect(request.signedText({ axon: bob, bodySha256: body_sha256 })).toBe(text)
    expect(verifies(alice, text, signature)).toBe(true)
    expect(request).toMatchObject({ isBound: true, madeAtMs: Number(timestamp), id: `epistula:${uuid}` })
  })

  test.each([
    ['Version', '1'],
    ['Timestamp', '1767225600000.0'],
    ['Uuid', 'again'],
    ['Signed-By', bob.slice(1)],
    ['Request-Signature', '0xzz'],
  ])('Epistula-%s: %s is refused by name', (name, value) => {
    const read = readEpistulaHeaders({ ...good, [`epistula-${name.toLowerCase()}`]: value })
    expect(read).toEqual({ ok: false, problem: `Epistula-${name}` })
  })
})

test('headers of any kind are read without a throw', () => {
  const names = [
    'x-bittensor-version',
    'x-bittensor-nonce',
    'epistula-version',
    'epistula-uuid',
    'timeout',
    'bt_header_dendrite_nonce',
  ]
  const value = fc.oneof(fc.string(), fc.constantFrom('1', '2', '12.0', alice), fc.array(fc.string()))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (headers) => {
      for (const read of [readSynapseHeaders, readEpistulaHeaders]) expect(typeof read(headers).ok).toBe('boolean')
      expect(typeof readBtauthHeaders(headers, { method: 'POST', target: '/' }).ok).toBe('boolean')
    }),
  )
})

function lower(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
