import { connect as connectTcp, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Answerer } from '../../src/axon/answer.ts'
import { sessionPath } from '../../src/wire/hello.ts'
import {
  asking,
  done,
  openRawTls,
  pause,
  type RawCaller,
  signerOf,
  startWorld,
  stuck,
  until,
  type World,
} from '../unit/axon/axonWorld.ts'
import { expectServes } from './expectServes.ts'

const helloTimeoutMs = 2_000

function tcp(world: World): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port: world.axon.port })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)))
}

async function dropped(socket: Socket): Promise<void> {
  socket.resume()
  await until(() => socket.destroyed || socket.closed)
}

describe('connections that stop half-way are cut when their time is over', () => {
  test('after TCP', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs } })
    await dropped(await tcp(world))
    await expectServes(world)
  })

  test('in the TLS handshake, a byte at a time', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs } })
    const socket = await tcp(world)
    const startMs = performance.now()
    const drip = setInterval(() => socket.write(Buffer.of(0x16)), 50)
    onTestFinished(() => clearInterval(drip))
    await dropped(socket)
    expect(performance.now() - startMs).toBeLessThan(10_000)
    await expectServes(world)
  })

  test('in the HTTP upgrade, a byte at a time', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs } })
    const socket = await openRawTls(world.target)
    const request = `GET ${sessionPath} HTTP/1.1\r\nHost: x\r\nX-Slow: ${'y'.repeat(4_000)}`
    let sent = 0
    const drip = setInterval(() => socket.write(request[sent++]!), 20)
    onTestFinished(() => clearInterval(drip))
    await dropped(socket)
    await expectServes(world)
  })

  test('after the upgrade, without a hello', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs } })
    const raw = await world.raw()
    expect(await raw.closed).toBe(4010)
    expect(raw.told).toBe('hello-timeout')
    await expectServes(world)
  })

  test('after the upgrade, with a hello that comes a byte at a time', async () => {
    const world = await startWorld({ limits: { helloTimeoutMs } })
    const raw = await world.raw()
    const text = Buffer.from(JSON.stringify(await raw.hello(await signerOf('//Bob'), world.target)))
    raw.socket.write(
      Buffer.concat([Buffer.of(0x81, 0x80 | 126, text.length >> 8, text.length & 0xff), Buffer.alloc(4)]),
    )
    let sent = 0
    const drip = setInterval(() => raw.socket.write(text.subarray(sent, ++sent)), 20)
    onTestFinished(() => clearInterval(drip))
    expect(await raw.closed).toBe(4010)
    await expectServes(world)
  })

  test('even where the admission policy never comes back', async () => {
    let isStuck = true
    const world = await startWorld({
      limits: { helloTimeoutMs },
      admit: async () => {
        if (isStuck) await new Promise(() => undefined)
        return { ok: true, stake: 0n }
      },
    })
    const raw = await world.raw()
    raw.send(await raw.hello(await signerOf('//Bob'), world.target))
    expect(await raw.closed).toBe(4010)
    isStuck = false
    await expectServes(world)
  })
})

test('a flood of half-open connections displaces itself, not honest callers', async () => {
  const world = await startWorld({ limits: { maxUnproven: 16, helloTimeoutMs: 60_000 } })
  const member = await world.connect('//Bob')
  const halfOpen = await Promise.all(Array.from({ length: 60 }, () => tcp(world)))
  await until(() => halfOpen.filter((socket) => socket.resume().destroyed || socket.closed).length >= 60 - 16)
  await expectServes(world)
  // Nor the sessions that were there before.
  expect((await member.askOnce(asking('x'), { domain: 'law', timeoutMs: 10_000 })).text).toBe('x')
})

describe('messages that do no work', () => {
  const floods: readonly [what: string, send: (raw: RawCaller) => void][] = [
    ['pings', (raw) => raw.send({ type: 'ping' })],
    ['WebSocket pings', (raw) => raw.ws.ping()],
    ['WebSocket pongs', (raw) => raw.ws.pong()],
    ['cancels', (raw) => raw.send({ type: 'cancel', id: 'x' })],
    ['malformed asks', (raw) => raw.send({ type: 'ask', id: 'x' })],
    [
      'asks for no domain',
      (raw) => raw.send({ type: 'ask', id: 'x', domain: 'none', request: asking(''), deadlineMs: 1 }),
    ],
  ]
  test.each(floods)('a flood of %s ends the session', async (_what, send) => {
    const world = await startWorld({ limits: { maxIdleWords: 50, idleWordsPerSecond: 5 } })
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    for (let i = 0; i < 40; i++) send(raw)
    await pause(50)
    expect(raw.isClosed).toBe(false)
    for (let i = 0; i < 200 && !raw.isClosed; i++) send(raw)
    expect(await raw.closed).toBe(4031)
    expect(raw.told === 'flood' || raw.frames.some((frame) => frame.type === 'error' && frame.code === 'flood')).toBe(
      true,
    )
    await expectServes(world)
  })

  test('asks to an axon whose line is full count among them', async () => {
    const answer: Answerer = async function* (ask, context) {
      if (context.caller.hotkey === (await signerOf('//Charlie')).address) yield* stuck(ask, context)
      yield { type: 'text', text: ask.request.messages[0]!.content }
      yield done('')
    }
    const world = await startWorld({
      answer,
      limits: { maxRunning: 1, maxWaiting: 0, maxIdleWords: 50, idleWordsPerSecond: 1 },
    })
    const holder = await world.raw()
    await holder.enter('//Charlie', world.target)
    holder.send({ type: 'ask', id: 'h', domain: 'law', request: asking('x'), deadlineMs: 60_000 })
    await until(() => world.axon.running === 1)
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    for (let i = 0; i < 200 && !raw.isClosed; i++) {
      raw.send({ type: 'ask', id: `x${i}`, domain: 'law', request: asking('x'), deadlineMs: 60_000 })
    }
    expect(await raw.closed).toBe(4031)
    holder.ws.terminate()
    await until(() => world.axon.running === 0)
    await expectServes(world)
  })
})

test('a session has no more asks in flight than it may', async () => {
  const answer: Answerer = async function* (ask, context) {
    const content = ask.request.messages[0]!.content
    if (content === 'hold') yield* stuck(ask, context)
    yield { type: 'text', text: content }
    yield done('')
  }
  const world = await startWorld({ answer, limits: { maxPending: 4, maxRunning: 16 } })
  const raw = await world.raw()
  await raw.enter('//Bob', world.target)
  for (let i = 0; i < 30; i++) {
    raw.send({ type: 'ask', id: `x${i}`, domain: 'law', request: asking('hold'), deadlineMs: 60_000 })
  }
  await until(() => raw.frames.length === 26)
  expect(raw.frames.every((frame) => frame.type === 'error' && frame.code === 'busy')).toBe(true)
  expect(world.axon.running).toBe(4)
  await expectServes(world)
})

test('a caller that does not read costs a bounded amount of memory and is closed', async () => {
  // Ten megabytes and more in answers, far above what sockets hold.
  const answer: Answerer = async function* ({ request }) {
    const content = request.messages[0]!.content
    yield { type: 'text', text: content === 'much' ? 'x'.repeat(400_000) : content }
    yield done('')
  }
  const world = await startWorld({ answer, limits: { maxUnsentBytes: 256 * 1024 } })
  const raw = await world.raw()
  await raw.enter('//Bob', world.target)
  raw.socket.pause()
  for (let i = 0; i < 64; i++) {
    raw.send({ type: 'ask', id: `x${i}`, domain: 'law', request: asking('much'), deadlineMs: 60_000 })
  }
  await until(() => world.events.some((event) => event.type === 'closed'))
  expect(world.events.find((event) => event.type === 'closed')).toMatchObject({ code: 'slow-reader' })
  expect(world.axon.sessions).toBe(0)
  await expectServes(world)
})

test('a caller that never answers the close frame is cut all the same', async () => {
  const world = await startWorld()
  const raw = await world.raw()
  await raw.enter('//Bob', world.target)
  raw.socket.pause()
  raw.socket.write(Buffer.of(0x82, 0x80, 0, 0, 0, 0))
  await until(() => world.axon.sessions === 0)
  await expectServes(world)
})

test('an answerer that ignores its signal keeps its place and nobody else’s', async () => {
  let release = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const answer: Answerer = async function* ({ request }) {
    const content = request.messages[0]!.content
    if (content === 'deaf') await gate
    yield { type: 'text', text: content }
    yield done('')
  }
  const world = await startWorld({ answer, limits: { maxRunning: 2 } })
  const raw = await world.raw()
  await raw.enter('//Bob', world.target)
  raw.send({ type: 'ask', id: 'a', domain: 'law', request: asking('deaf'), deadlineMs: 50 })
  await until(() => raw.told === 'deadline')
  // What it holds is still held: a caller cannot start more work than there are places by cancelling.
  expect(world.axon.running).toBe(1)
  await expectServes(world)
  release()
  await until(() => world.axon.running === 0)
})

test('plain HTTP, another path and random bytes are closed without a fuss', async () => {
  const world = await startWorld()
  const plain = await tcp(world)
  plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await dropped(plain)
  const noise = await tcp(world)
  noise.write(Buffer.from(Array.from({ length: 2_000 }, (_, i) => (i * 37) & 0xff)))
  await dropped(noise)
  const elsewhere = await openRawTls(world.target)
  elsewhere.write(
    'GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  await dropped(elsewhere)
  const longHead = await openRawTls(world.target)
  longHead.write(`GET ${sessionPath} HTTP/1.1\r\nX: ${'y'.repeat(100_000)}`)
  await dropped(longHead)
  await expectServes(world)
})
