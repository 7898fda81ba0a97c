import { describe, expect, test } from 'vitest'
import type { Admit } from '../../src/axon/answer.ts'
import { generateAxonKey } from '../../src/axon/axonKey.ts'
import { connect } from '../../src/dendrite/connect.ts'
import { encodeAddress } from '../../src/keys/ss58.ts'
import type { HelloMessage } from '../../src/wire/callerMessage.ts'
import { wireLimits } from '../../src/wire/wireLimits.ts'
import { pause, signerOf, startWorld, until, type World } from '../unit/axon/axonWorld.ts'
import { expectServes } from './expectServes.ts'

const bob = await signerOf('//Bob')
const eve = await signerOf('//Eve')

/** The axon's answer to a hello: its close code and the error that it told. */
async function refusal(world: World, hello: (channel: string) => Promise<HelloMessage>) {
  const raw = await world.raw()
  raw.send(await hello(raw.channel))
  const close = await raw.closed
  expect(raw.frames.map(({ type }) => type)).toEqual(['error'])
  return { close, told: raw.told }
}

/** One well-signed hello of a member with this in place of what belongs there. */
async function helloWith(world: World, other: Partial<HelloMessage>) {
  const raw = await world.raw()
  raw.send({ ...(await raw.hello(bob, world.target, other)), ...('protocol' in other && { protocol: other.protocol }) })
  return { close: await raw.closed, told: raw.told }
}

describe('a well-signed hello that was made for something else', () => {
  test.each<[string, (world: World) => Partial<HelloMessage>, { close: number; told: string }]>([
    ['another axon', () => ({ axon: eve.address }), { close: 4013, told: 'wrong-axon' }],
    ['another chain', () => ({ genesis: `0x${'77'.repeat(32)}` }), { close: 4014, told: 'wrong-network' }],
    ['another subnet', () => ({ netuid: 3 }), { close: 4014, told: 'wrong-network' }],
    ['another protocol', () => ({ protocol: 2 }), { close: 4012, told: 'wrong-protocol' }],
    [
      'the past',
      () => ({ timestampMs: Date.now() - wireLimits.helloWindowMs - 10_000 }),
      { close: 4015, told: 'stale-hello' },
    ],
    [
      'the future',
      () => ({ timestampMs: Date.now() + wireLimits.helloWindowMs + 10_000 }),
      { close: 4015, told: 'stale-hello' },
    ],
    ['another TLS session', () => ({ channel: '00'.repeat(32) }), { close: 4016, told: 'wrong-channel' }],
  ])('%s', async (_what, other, expected) => {
    const world = await startWorld()
    expect(await helloWith(world, other(world))).toEqual(expected)
    await expectServes(world)
  })
})

test('a hotkey that is not registered is turned away before its signature costs anything', async () => {
  const world = await startWorld()
  const raw = await world.raw()
  raw.send(await raw.hello(eve, world.target, { signature: '00'.repeat(64) }))
  expect(await raw.closed).toBe(4017)
  expect(raw.told).toBe('unknown-hotkey')
  expect(world.events).toMatchObject([{ type: 'refused', code: 'unknown-hotkey', hotkey: eve.address }])
  await expectServes(world)
})

test('a hotkey that is denied is no other one under the prefix of another network', async () => {
  const world = await startWorld({
    admit: (hotkey) => (hotkey === eve.address ? { ok: false, code: 'denied' } : { ok: true, stake: 0n }),
  })
  const raw = await world.raw()
  raw.send(await raw.hello({ ...eve, address: encodeAddress(eve.publicKey, 43) }, world.target))
  expect(await raw.closed).toBe(4021)
  expect(raw.told).toBe('bad-signature')
  await expectServes(world)
})

test('a stranger who names a member’s hotkey cannot sign for it', async () => {
  const world = await startWorld()
  const raw = await world.raw()
  raw.send(await raw.hello({ ...eve, address: bob.address }, world.target))
  expect(await raw.closed).toBe(4021)
  expect(raw.told).toBe('bad-signature')
  await expectServes(world)
})

test('an address with a wrong checksum, though the policy should admit it, proves nothing', async () => {
  const world = await startWorld({ admit: () => ({ ok: true, stake: 0n }) })
  const caller = `${bob.address.slice(0, -1)}${bob.address.endsWith('x') ? 'y' : 'x'}`
  const raw = await world.raw()
  raw.send(await raw.hello(bob, world.target, { caller }))
  expect(await raw.closed).toBe(4021)
  await expectServes(world)
})

test('a hello that was heard in one session is no use in the next, though it is fresh', async () => {
  const world = await startWorld()
  const first = await world.raw()
  const hello = await first.hello(bob, world.target)
  first.send(hello)
  await until(() => first.frames.length > 0)
  expect(first.frames[0]).toMatchObject({ type: 'welcome' })
  expect(await refusal(world, async () => hello)).toEqual({ close: 4016, told: 'wrong-channel' })
  // Nor with the channel put right: that is under the signature.
  expect(await refusal(world, async (channel) => ({ ...hello, channel }))).toEqual({
    close: 4021,
    told: 'bad-signature',
  })
  await expectServes(world)
})

describe('a man in the middle, who ends TLS himself and passes the hello on', () => {
  test('has a channel of his own towards each end, so the hello does not fit', async () => {
    const world = await startWorld()
    // He runs what looks like Alice's axon, to a caller that pins nothing (or pins his key).
    const admit: Admit = () => ({ ok: false, code: 'denied' })
    const middle = await startWorld({ admit })
    const victim = await middle.raw()
    const heard = await victim.hello(bob, middle.target)
    expect(await refusal(world, async () => heard)).toEqual({ close: 4016, told: 'wrong-channel' })
    expect(await refusal(world, async (channel) => ({ ...heard, channel }))).toEqual({
      close: 4021,
      told: 'bad-signature',
    })
    await expectServes(world)
  })

  test('does not get as far as a hello from our dendrite, which pins the key', async () => {
    const world = await startWorld()
    const middle = await startWorld({ key: generateAxonKey() })
    const fooled = connect({ ...world.target, port: middle.axon.port, ...(await world.caller('//Bob')) })
    await expect(fooled).rejects.toMatchObject({ failure: { code: 'wrong-key', port: middle.axon.port } })
    await pause(50)
    expect(middle.events).toEqual([])
    await expectServes(world)
  })
})

describe('instead of one hello', () => {
  test('an ask', async () => {
    const world = await startWorld()
    const raw = await world.raw()
    raw.send({ type: 'ping' })
    expect(await raw.closed).toBe(4011)
    expect(raw.told).toBe('hello-expected')
    await expectServes(world)
  })

  test('a hello of the wrong form', async () => {
    const world = await startWorld()
    const raw = await world.raw()
    raw.send({ ...(await raw.hello(bob, world.target)), netuid: -1 })
    expect(await raw.closed).toBe(4011)
    expect(raw.frames).toMatchObject([
      { type: 'error', code: 'hello-expected', message: expect.stringContaining('netuid') },
    ])
    await expectServes(world)
  })

  test('two at once, while the policy thinks about the first', async () => {
    const admit: Admit = async () => {
      await pause(100)
      return { ok: true, stake: 0n }
    }
    const world = await startWorld({ admit })
    const raw = await world.raw()
    const hello = await raw.hello(bob, world.target)
    raw.send(hello)
    raw.send(hello)
    expect(await raw.closed).toBe(4011)
    await pause(150)
    expect(world.axon.sessions).toBe(0)
    await expectServes(world)
  })

  test('a policy that fails refuses, and its reason stays at home', async () => {
    let isBroken = true
    const world = await startWorld({
      admit: () => {
        if (isBroken) throw new Error('metagraph at /home/miner is gone')
        return { ok: true, stake: 0n }
      },
    })
    const raw = await world.raw()
    raw.send(await raw.hello(bob, world.target))
    expect(await raw.closed).toBe(4022)
    expect(JSON.stringify(raw.frames)).not.toContain('metagraph')
    expect(world.events).toMatchObject([
      { code: 'unavailable', error: { message: 'metagraph at /home/miner is gone' } },
    ])
    isBroken = false
    await expectServes(world)
  })
})

test('sessions of one hotkey are counted, also when many arrive together', async () => {
  // All of them learn at the same moment that the hotkey is admitted.
  let admitAll = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    admitAll = resolve
  })
  const world = await startWorld({
    limits: { maxSessionsPerHotkey: 2 },
    admit: async () => {
      await gate
      return { ok: true, stake: 0n }
    },
  })
  const raws = await Promise.all(Array.from({ length: 8 }, () => world.raw()))
  for (const raw of raws) raw.send(await raw.hello(bob, world.target))
  await pause(100)
  admitAll()
  await until(() => raws.every((raw) => raw.frames.length > 0))
  expect(raws.filter((raw) => raw.frames[0]!.type === 'welcome')).toHaveLength(2)
  expect(raws.filter((raw) => raw.told === 'too-many-sessions')).toHaveLength(6)
  expect(world.axon.sessions).toBe(2)
  // Another hotkey is not kept out by it.
  await expectServes(world, '//Charlie')
})
