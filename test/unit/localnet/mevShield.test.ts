import { readFileSync } from 'node:fs'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { bareExtrinsic, decodeExtrinsic, hashHex } from '../../../src/localnet/extrinsic.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import { type Call, DispatchFailure } from '../../../src/localnet/pallet.ts'
import { storage as aura } from '../../../src/localnet/pallets/aura.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { mevShield, storage } from '../../../src/localnet/pallets/mevShield.ts'
import type { Era } from '../../../src/localnet/scale/era.ts'
import { kemCiphertextBytes, publicKeyBytes } from '../../../src/localnet/shield/keyEncapsulation.ts'
import { makeShield } from '../../../src/localnet/shield/shield.ts'
import { parseShielded } from '../../../src/localnet/shield/shieldedExtrinsic.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { twox } from '../../../src/localnet/twox.ts'
import { callOf, outcomes, sent } from './carriedCalls.ts'
import { shapedKem } from './shapedKem.ts'
import { accountOf, bob, dave, signCall, transferOf } from './signedCall.ts'
import { emptyWorld } from './subtensorWorld.ts'

let localnet: Localnet | undefined
const notes: string[] = []

afterEach(async () => {
  await localnet?.close()
  localnet = undefined
  notes.length = 0
})

async function start(interval = 'manual'): Promise<LocalNode> {
  const note = (line: string): void => void notes.push(line)
  localnet = await startLocalnet({ port: 0, interval, shieldKem: shapedKem, note })
  return localnet.node
}

/** Key hash, length, encapsulated key, nonce, ciphertext: written out from the facts. */
function joined(keyHash: Uint8Array, kem: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return Uint8Array.from(
    Buffer.concat([keyHash, Uint8Array.of(kem.length & 255, kem.length >> 8), kem, nonce, ciphertext]),
  )
}

const nonce = new Uint8Array(24).fill(7)

/** As a client does it, from the key that the chain shows. */
function sealed(publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const { cipherText, sharedSecret } = shapedKem.encapsulate(publicKey)
  return joined(twox(publicKey, 128), cipherText, nonce, xchacha20poly1305(sharedSecret, nonce).encrypt(plaintext))
}

const submission = (ciphertext: Uint8Array): Call => callOf('MevShield', 'submit_encrypted', { ciphertext })

/** Valid for so many blocks from the head on. */
function short(node: LocalNode, period = 8) {
  const era: Era = { type: 'Mortal', period, phase: node.head.header.number % period }
  return { era, checkpointHash: node.head.hash }
}

/** Sends a call so that nobody sees it, wrapper and call by the same account. @returns bytes of what is inside */
function sendShielded(node: LocalNode, pair: KeyPair, call: Call): Uint8Array {
  const nonce = node.pool.nextNonce(accountOf(pair))
  const inner = signCall(node, pair, call, { ...short(node), nonce: nonce + 1 })
  const wrapper = submission(sealed(node.headState.get(storage.NextKey)!, inner))
  node.submit(signCall(node, pair, wrapper, { ...short(node), nonce }))
  return inner
}

/** Pallets of the newest block's calls. Whether a pulse of the beacon is due in it depends on the time. */
const besidePulses = (node: LocalNode): string[] =>
  node.head.extrinsics
    .map((bytes) => decodeExtrinsic(node.runtime, bytes).call.pallet)
    .filter((pallet) => pallet !== 'Drand')
const hashes = (node: LocalNode): string[] => node.head.extrinsics.map((bytes) => hashHex(bytes))
const received = (node: LocalNode, from: number): bigint =>
  freeBalance(node.headState, accountOf(bob)) - freeBalance(node.stateAt(from), accountOf(bob))

describe('on a chain', () => {
  test('the author after next has a key from block 2 on, and every block announces one', async () => {
    const node = await start()
    await node.mine(4)
    const { publicKey } = shapedKem.keygen(new Uint8Array(0))
    expect(publicKey).toHaveLength(publicKeyBytes)
    const at = (block: number) => {
      const state = node.stateAt(block)
      const { NextKey, PendingKey, CurrentKey, NextKeyExpiresAt, PendingKeyExpiresAt } = storage
      const keys = [NextKey, PendingKey, CurrentKey].map((item) => state.get(item)?.length)
      return [...keys, state.get(NextKeyExpiresAt), state.get(PendingKeyExpiresAt)]
    }
    expect(at(1)).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect(at(2)).toEqual([publicKeyBytes, undefined, undefined, 5, undefined])
    expect(at(3)).toEqual([publicKeyBytes, publicKeyBytes, undefined, 6, 5])
    expect(at(4)).toEqual([publicKeyBytes, publicKeyBytes, publicKeyBytes, 7, 6])
    const calls = node.head.extrinsics.map((bytes) => decodeExtrinsic(node.runtime, bytes).call.name)
    expect(calls).toEqual(['set', 'announce_next_key'])
  })

  test('what was sent shielded is in the next block, under its own hash', async () => {
    const node = await start()
    await node.mine(3)
    const inner = sendShielded(node, dave, transferOf(accountOf(bob), 4_711n))
    await node.mine()
    const events = node.headState.get(node.runtime.pallets[0]!.storage.Events!) as { event: { name: string } }[]
    expect(events.map(({ event }) => event.name)).toContain('EncryptedSubmitted')
    expect([hashes(node).length, received(node, 3)]).toEqual([3, 0n])
    await node.mine()
    expect(hashes(node).at(-1)).toBe(hashHex(inner))
    expect(received(node, 3)).toBe(4_711n)
    await node.mine(2)
    expect(received(node, 3)).toBe(4_711n)
  })

  test('a chain that makes blocks when there is work goes on by itself', async () => {
    const node = await start('instant')
    await node.mine(3)
    sendShielded(node, dave, transferOf(accountOf(bob), 99n))
    await expect.poll(() => received(node, 3)).toBe(99n)
    expect(node.head.header.number).toBe(5)
  })

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['tampered with', (bytes) => bytes.with(-1, bytes.at(-1)! ^ 1)],
    ['to another key', (bytes) => bytes.with(0, bytes[0]! ^ 1)],
    ['of another mechanism', (bytes) => joined(bytes.subarray(0, 16), new Uint8Array(3), nonce, bytes.subarray(1_130))],
    ['cut off', (bytes) => bytes.subarray(0, 1_135)],
  ])('a shielded extrinsic %s has been paid for, and that is all', async (_, spoil) => {
    const node = await start()
    await node.mine(3)
    const inner = signCall(node, dave, transferOf(accountOf(bob), 1n), { ...short(node), nonce: 1 })
    const wrapper = submission(spoil(sealed(node.headState.get(storage.NextKey)!, inner)))
    node.submit(signCall(node, dave, wrapper, short(node)))
    await node.mine(2)
    expect(node.stateAt(4).get(node.runtime.pallets[0]!.storage.EventCount!)).toBeGreaterThan(2)
    expect(besidePulses(node)).toEqual(['Timestamp', 'MevShield'])
    expect([received(node, 3), notes]).toEqual([0n, []])
  })

  test('what is inside and cannot be in a block is told, and the chain goes on', async () => {
    const node = await start()
    await node.mine(3)
    const key = node.headState.get(storage.NextKey)!
    const stale = signCall(node, dave, transferOf(accountOf(bob), 1n), { ...short(node), nonce: 0 })
    for (const plaintext of [stale, Uint8Array.of(1, 2, 3)]) {
      node.submit(signCall(node, dave, submission(sealed(key, plaintext)), short(node)))
    }
    await node.mine(2)
    expect(notes).toHaveLength(2)
    expect(notes[0]).toContain('was not taken: Transaction is outdated')
    expect(besidePulses(node)).toEqual(['Timestamp', 'MevShield'])
  })

  test('what the pool refuses', async () => {
    const node = await start()
    await node.mine(3)
    const good = sealed(node.headState.get(storage.NextKey)!, Uint8Array.of(1))
    const send = (ciphertext: Uint8Array, options: ReturnType<typeof short> | Record<string, never>) => () =>
      node.submit(signCall(node, dave, submission(ciphertext), options))
    expect(send(good, {})).toThrow('Transaction is outdated')
    expect(send(good, short(node, 16))).toThrow('Transaction is outdated')
    expect(send(good.subarray(0, 41), short(node))).toThrow('Custom error: 23')
    expect(send(good, short(node, 4))).not.toThrow()
    const announcement = callOf('MevShield', 'announce_next_key', { enc_key: undefined })
    const { bytes } = bareExtrinsic(node.runtime, announcement)
    expect(() => node.submit(bytes)).toThrow('Transaction dispatch is mandatory')
    await node.mine()
    expect(outcomes(node, await sent(node, bob, announcement))).toEqual([['System.ExtrinsicFailed', 'BadOrigin']])
  })
})

test('without a key mechanism there are no keys', async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  const { node } = localnet
  await node.mine(4)
  expect(node.headState.get(storage.NextKey)).toBeUndefined()
  expect(besidePulses(node)).toEqual(['Timestamp'])
})

const bytes = (length: { minLength?: number; maxLength?: number }) => fc.uint8Array(length)

test('a shielded extrinsic falls into the parts that it was made of, and one too short into none', () => {
  const parts = fc.tuple(
    bytes({ minLength: 16, maxLength: 16 }),
    bytes({ maxLength: 1_200 }),
    bytes({ minLength: 24, maxLength: 24 }),
    bytes({ maxLength: 300 }),
  )
  fc.assert(
    fc.property(parts, ([keyHash, kemCiphertext, nonce, ciphertext]) => {
      const whole = joined(keyHash, kemCiphertext, nonce, ciphertext)
      expect(parseShielded(whole)).toEqual({ keyHash, kemCiphertext, nonce, ciphertext })
      const head = whole.length - ciphertext.length
      expect(parseShielded(whole.subarray(0, head - 1))).toBeUndefined()
    }),
  )
})

describe('what the Python package makes', () => {
  const made = JSON.parse(
    readFileSync(new URL('../../vectors/chain/shielded-bittensor-core.json', import.meta.url), 'utf8'),
  )
  const [publicKey, plaintext, blob] = [made.publicKey, made.plaintext, made.blob].map((hex: string) => {
    return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
  }) as [Uint8Array, Uint8Array, Uint8Array]

  test('falls into the same parts', () => {
    expect(publicKey).toHaveLength(publicKeyBytes)
    const parts = parseShielded(blob)!
    expect(parts.keyHash).toEqual(twox(publicKey, 128))
    expect(parts.kemCiphertext).toHaveLength(kemCiphertextBytes)
    // The authentication tag takes 16 bytes.
    expect(parts.ciphertext).toHaveLength(plaintext.length + 16)
  })

  test('is opened by the key that a localnet announces, unless a bit of it is another', () => {
    const shield = makeShield(ml_kem768)
    expect(shield.publicKey).toEqual(publicKey)
    expect(shield.open(blob)).toEqual(plaintext)
    for (const place of [0, 20, blob.length - plaintext.length - 17, blob.length - 1]) {
      expect(shield.open(blob.with(place, blob[place]! ^ 1))).toBeUndefined()
    }
  })
})

describe('turns of authors', () => {
  const authors = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
  const keyOf = (turn: number): Uint8Array => new Uint8Array(publicKeyBytes).fill(turn)

  test('every key moves on by one place a block, from the author after next to the current one', () => {
    const world = emptyWorld()
    const { state } = world
    state.set(aura.Authorities, [], authors)
    const announce = (block: number, enc_key: Uint8Array | undefined) => {
      state.set(aura.CurrentSlot, [], BigInt(block))
      const { announce_next_key } = mevShield.calls
      announce_next_key!.run({ ...world, block, origin: { kind: 'none' } }, { enc_key } as never)
    }
    const announced = new Map<number, number>()
    let last: (number | undefined)[] = [undefined, undefined, undefined]
    const coming: (number | undefined)[] = []
    for (let block = 1; block <= 12; block++) {
      // The author whose turn it was in block 7 has no key from there to block 10.
      const key = block === 7 ? undefined : block
      coming.push(announced.get((block + 2) % 3))
      announce(block, key === undefined ? undefined : keyOf(key))
      const now = [storage.CurrentKey, storage.PendingKey, storage.NextKey].map((item) => state.get(item)?.[0])
      expect(now).toEqual([last[1], last[2], coming.at(-1)])
      last = now
      if (key === undefined) announced.delete(block % 3)
      else announced.set(block % 3, key)
    }
    expect(coming).toEqual([undefined, 1, 2, 3, 4, 5, 6, undefined, 8, 9, 10, 11])
    expect(() => announce(13, new Uint8Array(3))).toThrow('MevShield.BadEncKeyLen')
    state.set(aura.Authorities, [], [])
    expect(() => announce(14, keyOf(14))).toThrow(DispatchFailure)
  })
})
