import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultAxonLimits } from '../../src/axon/axonLimits.ts'
import { wireLimits } from '../../src/wire/wireLimits.ts'
import { asking, type RawCaller, startWorld, until, type World } from '../unit/axon/axonWorld.ts'
import { expectServes } from './expectServes.ts'

/** A masked frame as RFC 6455, 5.2 has it, with whatever bits the test wants. */
function frame(head: number, payload: Buffer, { masked = true, claimedBytes = payload.length } = {}): Buffer {
  const mask = masked ? 0x80 : 0
  const size =
    claimedBytes < 126
      ? Buffer.of(mask | claimedBytes)
      : claimedBytes < 65_536
        ? Buffer.of(mask | 126, claimedBytes >> 8, claimedBytes & 0xff)
        : Buffer.concat([Buffer.of(mask | 127), eightBytes(claimedBytes)])
  return Buffer.concat([Buffer.of(head), size, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

function eightBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const ping = Buffer.from('{"type":"ping"}')
const text = 0x81
const { maxFrameBytes } = defaultAxonLimits

async function member(): Promise<{ world: World; raw: RawCaller }> {
  const world = await startWorld()
  const raw = await world.raw()
  await raw.enter('//Bob', world.target)
  return { world, raw }
}

const fatal: readonly [what: string, bytes: Buffer, close: number][] = [
  ['a binary frame', frame(0x82, ping), 1003],
  ['text that is not UTF-8', frame(text, Buffer.of(0x7b, 0xff, 0xfe)), 1007],
  ['text that is not JSON', frame(text, Buffer.from('{"type":')), 4002],
  ['JSON that is deeper than any message', frame(text, Buffer.from('['.repeat(2_000) + ']'.repeat(2_000))), 4001],
  ['a frame of brackets only, as long as is allowed', frame(text, Buffer.alloc(maxFrameBytes, '[')), 4001],
  ['a frame that is too long', frame(text, Buffer.alloc(maxFrameBytes + 1, ' ')), 1009],
  ['a head that announces a gigabyte', frame(text, Buffer.alloc(16), { claimedBytes: 2 ** 30 }), 1009],
  ['a head that announces 2^60 bytes', frame(text, Buffer.alloc(16), { claimedBytes: 2 ** 60 }), 1009],
  ['a frame without a mask', frame(text, ping, { masked: false }), 1002],
  ['reserved bits', frame(0xf1, ping), 1002],
  ['an unknown opcode', frame(0x83, ping), 1002],
  ['a continuation of nothing', frame(0x80, ping), 1002],
  ['a ping in fragments', frame(0x09, ping), 1002],
  ['a ping that is too long', frame(0x89, Buffer.alloc(126)), 1002],
  ['a close frame with a code that is none', frame(0x88, Buffer.of(0x00, 0x01)), 1002],
]

describe('a member whose frames break the protocol is closed, and told why', () => {
  test.each(fatal)('%s', async (_what, bytes, close) => {
    const { world, raw } = await member()
    raw.socket.write(bytes)
    expect(await raw.closed).toBe(close)
    await until(() => world.axon.sessions === 0)
    await expectServes(world)
  })

  test('fragments that together are too long', async () => {
    const { world, raw } = await member()
    raw.socket.write(frame(0x01, Buffer.alloc(maxFrameBytes - 10, ' ')))
    raw.socket.write(frame(0x80, Buffer.alloc(20, ' ')))
    expect(await raw.closed).toBe(1009)
    await expectServes(world)
  })

  test('fragments without end and without content', async () => {
    const { world, raw } = await member()
    raw.socket.write(frame(0x01, Buffer.alloc(0)))
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => frame(0x00, Buffer.alloc(0))))
    for (let i = 0; i < 50 && !raw.isClosed; i++) {
      raw.socket.write(many)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await raw.closed).toBe(1008)
    await until(() => world.axon.sessions === 0)
    expect(world.events).toContainEqual(expect.objectContaining({ type: 'closed', code: 'oversize' }))
    await expectServes(world)
  })
})

describe('a member whose messages make no sense is told, and stays', () => {
  const ask = { type: 'ask', id: 'a', domain: 'law', request: asking('a b c d e f'), deadlineMs: 5_000 }
  test.each<[what: string, message: object, error: object]>([
    ['an unknown type', { type: 'sing' }, { code: 'bad-message', message: expect.stringContaining('type') }],
    ['an ask without a request', { ...ask, request: undefined }, { code: 'bad-message', id: 'a' }],
    ['a misspelt option', { ...ask, recipt: false }, { code: 'bad-message', id: 'a' }],
    ['a second hello', { type: 'cancel', id: 'never asked' }, { code: 'bad-message' }],
    ['a cancel of nothing', { type: 'cancel', id: 'never' }, { code: 'unknown-id', id: 'never' }],
    ['a domain of Object.prototype', { ...ask, domain: 'constructor' }, { code: 'unknown-domain', id: 'a' }],
    ['too many tokens', { ...ask, request: { ...asking('x'), maxTokens: 1e9 } }, { code: 'bad-message', id: 'a' }],
    [
      'more keys than any message has',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 0])),
      { code: 'bad-message', message: expect.stringContaining('keys') },
    ],
    [
      'too many messages',
      {
        ...ask,
        request: { ...asking('x'), messages: Array.from({ length: 65 }, () => ({ role: 'user', content: '' })) },
      },
      { code: 'bad-message', id: 'a' },
    ],
  ])('%s', async (_what, message, error) => {
    const { world, raw } = await member()
    raw.send(message)
    await until(() => raw.frames.length > 0)
    expect(raw.frames).toEqual([expect.objectContaining({ type: 'error', ...error })])
    raw.send(ask)
    await until(() => raw.frames.some(({ type }) => type === 'done'))
    expect(raw.isClosed).toBe(false)
    await expectServes(world)
  })

  test('an id that is in flight already', async () => {
    const { world, raw } = await member()
    raw.send(ask)
    raw.send(ask)
    await until(() => raw.frames.some(({ type }) => type === 'done'))
    expect(raw.frames.filter(({ type }) => type === 'error')).toMatchObject([{ id: 'a', code: 'duplicate-id' }])
    expect(raw.frames.filter(({ type }) => type === 'done')).toHaveLength(1)
    await expectServes(world)
  })
})

test('a thousand pieces of garbage, before the hello and after it', async () => {
  const world = await startWorld({ limits: { maxIdleWords: 10_000 } })
  const garbage = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({
        type: fc.constantFrom('ask', 'hello', 'cancel', 'ping', 'done'),
        id: fc.jsonValue(),
        request: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value)),
  )
  const texts = fc.sample(garbage, { numRuns: 1_000, seed: 11 })
  for (const one of texts.slice(0, 50)) {
    const raw = await world.raw()
    raw.send(one)
    expect([4001, 4002, 4011]).toContain(await raw.closed)
  }
  for (let next = 50; next < texts.length; ) {
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    // Until one of them ends the session.
    while (next < texts.length && !raw.isClosed) {
      raw.send(texts[next++]!)
      if (next % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    raw.ws.terminate()
  }
  await until(() => world.axon.sessions === 0)
  await expectServes(world)
})

test('before the hello no more is taken than a hello needs, in whatever portions', async () => {
  const world = await startWorld()
  const atOnce = await world.raw()
  atOnce.send(' '.repeat(wireLimits.maxHelloBytes + 1))
  expect(await atOnce.closed).toBe(1009)
  const drip = await world.raw()
  drip.socket.write(frame(0x01, Buffer.alloc(0)))
  for (let sent = 0; sent <= wireLimits.maxHelloBytes && !drip.isClosed; sent += 100) {
    drip.socket.write(frame(0x00, Buffer.alloc(100, ' ')))
  }
  expect(await drip.closed).toBe(1009)
  await expectServes(world)
})
