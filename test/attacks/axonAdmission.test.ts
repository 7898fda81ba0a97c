import { connect as connectTcp, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Answerer } from '../../src/axon/answer.ts'
import type { WireErrorCode } from '../../src/wire/wireError.ts'
import {
  asking,
  done,
  echo,
  pause,
  type RawCaller,
  signerOf,
  startWorld,
  stuck,
  until,
  type World,
} from '../unit/axon/axonWorld.ts'
import { expectServes } from './expectServes.ts'

const isLinux = process.platform === 'linux'

/** A TCP connection from an address of this machine's own. On Linux all of 127.0.0.0/8 is. */
function tcpFrom(world: World, localAddress: string): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port: world.axon.port, localAddress })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)).once('close', () => resolve(socket)))
}

function refusedAs(world: World, code: WireErrorCode): number {
  return world.events.filter((event) => event.type === 'refused' && event.code === code).length
}

const ask = (id: string, content = id) => ({
  type: 'ask',
  id,
  domain: 'law',
  request: asking(content),
  deadlineMs: 20_000,
})

describe.runIf(isLinux)('connections are met before TLS', () => {
  test('thousands of half-open ones from one address are cut, and others do not feel it', async () => {
    const limits = { helloTimeoutMs: 60_000, connectionsPerIp: { perMinute: 60, burst: 300 }, maxUnprovenPerIp: 50 }
    const world = await startWorld({ limits })
    const member = await world.connect('//Bob')
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 100 }, () => tcpFrom(world, '127.0.0.66')))
    await until(() => refusedAs(world, 'rate-limited') >= 1_650)
    await expectServes(world)
    expect((await member.askOnce(asking('x'), { domain: 'law', timeoutMs: 10_000 })).text).toBe('x')
  })

  test('those of one address displace each other, not those of another', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs: 60_000, maxUnprovenPerIp: 5, maxUnproven: 100 } })
    const patient = await tcpFrom(world, '127.0.0.67')
    const flood = await Promise.all(Array.from({ length: 60 }, () => tcpFrom(world, '127.0.0.66')))
    await until(() => flood.filter((socket) => socket.resume().destroyed || socket.closed).length >= 55)
    expect(patient.resume().destroyed).toBe(false)
    await expectServes(world)
  })

  test('from very many addresses: an honest caller still gets in', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs: 60_000, maxUnproven: 64 } })
    for (let net = 0; net < 4; net++) {
      await Promise.all(Array.from({ length: 100 }, (_, host) => tcpFrom(world, `127.1.${net}.${host + 1}`)))
    }
    await expectServes(world)
  })

  test('one that is denied is reset, and told of at home alone', async () => {
    const world = await startWorld({ judgeIp: (ip) => (ip === '127.0.0.66' ? 'denied' : 'counted') })
    const socket = connectTcp({ host: '127.0.0.1', port: world.axon.port, localAddress: '127.0.0.66' })
    onTestFinished(() => void socket.destroy())
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve))
    expect(error.code).toBe('ECONNRESET')
    await until(() => refusedAs(world, 'denied') === 1)
    await expectServes(world)
  })

  test('one that is trusted is not counted', async () => {
    const limits = { connectionsPerIp: { perMinute: 1, burst: 1 }, maxUnprovenPerIp: 1 }
    const world = await startWorld({ limits, judgeIp: () => 'trusted' })
    for (let i = 0; i < 3; i++) await expectServes(world)
  })
})

describe('a hotkey that asks too often', () => {
  const limits = { asksPerHotkey: { perMinute: 60, burst: 5 } }

  test('is told for how long to wait, ask by ask and over all its sessions, and nobody else is', async () => {
    const world = await startWorld({ limits: { ...limits, maxIdleWords: 1_000 } })
    const raws = [await world.raw(), await world.raw()]
    for (const raw of raws) await raw.enter('//Bob', world.target)
    for (let i = 0; i < 20; i++) for (const raw of raws) raw.send(ask(`x${i}`))
    const ends = (): RawCaller['frames'] =>
      raws.flatMap(({ frames }) => frames.filter(({ type }) => type === 'done' || type === 'error'))
    await until(() => ends().length === 40)
    const refused = ends().filter(({ type }) => type === 'error')
    expect(refused.length).toBeGreaterThanOrEqual(34)
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'rate-limited', id: expect.any(String), retryAfterMs: expect.any(Number) })
      expect(error.type === 'error' && error.retryAfterMs! > 0 && error.retryAfterMs! <= 1_000).toBe(true)
    }
    expect(raws.some(({ isClosed }) => isClosed)).toBe(false)
    await expectServes(world)
  })

  test('and does not heed it is closed', async () => {
    const world = await startWorld({ limits: { ...limits, maxIdleWords: 50, idleWordsPerSecond: 1 } })
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    for (let i = 0; i < 200 && !raw.isClosed; i++) raw.send(ask(`x${i}`))
    expect(await raw.closed).toBe(4031)
    await expectServes(world)
  })

  test('is held back by our dendrite until the time is over, on the same session', async () => {
    let asked = 0
    const answer: Answerer = (view, context) => {
      asked++
      return echo(view, context)
    }
    const world = await startWorld({ answer, limits: { asksPerHotkey: { perMinute: 120, burst: 1 }, maxIdleWords: 3 } })
    const session = await world.connect('//Bob')
    const options = { domain: 'law', timeoutMs: 10_000 }
    await session.askOnce(asking('one'), options)
    // Sent, they would be so many words that do no work that the session were closed.
    for (let i = 0; i < 50; i++) {
      await expect(session.askOnce(asking('too soon'), options)).rejects.toMatchObject({
        failure: { code: 'unanswered', reason: 'rate-limited', retryAfterMs: expect.any(Number) },
      })
    }
    await pause(600)
    expect((await session.askOnce(asking('two'), options)).text).toBe('two')
    expect(asked).toBe(2)
    expect(world.events.filter(({ type }) => type === 'closed')).toEqual([])
  })
})

test('hotkeys that fill the line together keep nobody out of it', async () => {
  const world = await startWorld({ answer: stuck, limits: { maxRunning: 1, maxPending: 64, maxWaiting: 60 } })
  const floods = [await world.raw(), await world.raw()]
  for (const [i, raw] of floods.entries()) {
    await raw.enter(['//Bob', '//Charlie'][i]!, world.target)
    for (let n = 0; n < 50; n++) raw.send(ask(`f${n}`))
  }
  await until(() => world.axon.waiting === 60 && floods[1]!.frames.length > 0)
  const honest = await world.raw()
  await honest.enter('//Dave', world.target)
  for (let n = 0; n < 10; n++) honest.send(ask(`h${n}`))
  await until(() => world.events.filter(({ type }) => type === 'unanswered').length >= 49)
  await pause(50)
  // Ten of the flood's were told that all places are taken, and the ten wait.
  expect(honest.frames).toEqual([])
  expect(world.axon.waiting).toBe(60)
})

test('a flood of asks from one hotkey delays another’s by its share of the turns, not by the flood', async () => {
  const order: string[] = []
  let openGate = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    openGate = resolve
  })
  const bob = (await signerOf('//Bob')).address
  const answer: Answerer = async function* (_view, { caller }) {
    await gate
    order.push(caller.hotkey === bob ? 'flood' : 'honest')
    yield done('')
  }
  const world = await startWorld({
    answer,
    limits: { maxRunning: 1, maxPending: 64, maxWaiting: 1_000 },
    admit: (hotkey) => ({ ok: true, stake: 0n, weight: hotkey === bob ? 1 : 0.5 }),
  })
  const raws = await Promise.all(Array.from({ length: 4 }, () => world.raw()))
  for (const raw of raws) {
    await raw.enter('//Bob', world.target)
    for (let i = 0; i < 64; i++) raw.send(ask(`f${i}`))
  }
  await until(() => world.axon.waiting === 255)
  const honest = await world.connect('//Charlie')
  const answers = Array.from({ length: 10 }, () => honest.askOnce(asking('x'), { domain: 'law', timeoutMs: 20_000 }))
  await until(() => world.axon.waiting === 265)
  openGate()
  await Promise.all(answers)
  // Half the weight: two of the flood's turns to each of its own, and the one that was being made.
  expect(order.indexOf('honest')).toBeLessThanOrEqual(3)
  expect(order.lastIndexOf('honest')).toBeLessThanOrEqual(31)
})

describe('what is cut short', () => {
  const cuts: readonly [what: string, send: (raw: RawCaller) => Promise<void>][] = [
    [
      'an ask in the middle of its frame',
      async (raw) =>
        cut(raw, Buffer.concat([Buffer.of(0x81, 0xfe, 0x10, 0), Buffer.alloc(4), Buffer.from('{"type":"as')])),
    ],
    ['the head of a frame', async (raw) => cut(raw, Buffer.of(0x81))],
    [
      'a first fragment',
      async (raw) => cut(raw, Buffer.concat([Buffer.of(0x01, 0x85), Buffer.alloc(4), Buffer.from('{"typ')])),
    ],
  ]
  test.each(cuts)('%s', async (_what, send) => {
    const world = await startWorld()
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    await send(raw)
    await until(() => world.axon.sessions === 0)
    expect(world.axon.running + world.axon.waiting).toBe(0)
    await expectServes(world)
  })

  test('a hello', async () => {
    const world = await startWorld()
    const raw = await world.raw()
    const text = JSON.stringify(await raw.hello(await signerOf('//Bob'), world.target))
    raw.send(text.slice(0, -1))
    expect(await raw.closed).toBe(4002)
    await expectServes(world)
  })
})

/** Sends these bytes and no more: the connection is reset. */
async function cut(raw: RawCaller, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => raw.socket.write(bytes, () => resolve()))
  raw.socket.destroy()
}

test('an ask that never ends is silence, and is closed as that', async () => {
  const world = await startWorld({ limits: { heartbeatMs: 300, silentBeats: 3 } })
  const raw = await world.raw()
  await raw.enter('//Bob', world.target)
  raw.socket.write(Buffer.concat([Buffer.of(0x81, 0xfe, 0xff, 0xff), Buffer.alloc(4)]))
  const drip = setInterval(() => raw.socket.write(' '), 50)
  onTestFinished(() => clearInterval(drip))
  expect(await raw.closed).toBe(4032)
  await expectServes(world)
})

describe('messages in another order', () => {
  test('an ask before the hello', async () => {
    const world = await startWorld()
    const raw = await world.raw()
    raw.send(ask('a'))
    expect(await raw.closed).toBe(4011)
    await expectServes(world)
  })

  test('a second hello after the welcome', async () => {
    const world = await startWorld()
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    raw.send(await raw.hello(await signerOf('//Charlie'), world.target))
    await until(() => raw.frames.length > 0)
    expect(raw.frames).toMatchObject([{ type: 'error', code: 'bad-message' }])
    // It is still who it was.
    raw.send(ask('a'))
    await until(() => raw.frames.some(({ type }) => type === 'done'))
    expect(world.events.at(-1)).toMatchObject({ type: 'answered', hotkey: (await signerOf('//Bob')).address })
    await expectServes(world)
  })

  test('a cancel before its ask cancels nothing', async () => {
    const world = await startWorld()
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    raw.send({ type: 'cancel', id: 'a' })
    raw.send(ask('a'))
    await until(() => raw.frames.some(({ type }) => type === 'done'))
    expect(raw.frames[0]).toMatchObject({ type: 'error', code: 'unknown-id', id: 'a' })
    await expectServes(world)
  })
})
