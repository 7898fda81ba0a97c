import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Answerer } from '../../../src/axon/answer.ts'
import { generateAxonKey } from '../../../src/axon/axonKey.ts'
import { startAxon } from '../../../src/axon/startAxon.ts'
import { connect } from '../../../src/dendrite/connect.ts'
import type { DendriteError } from '../../../src/dendrite/dendriteError.ts'
import { Session } from '../../../src/dendrite/session.ts'
import type { Answer } from '../../../src/dendrite/target.ts'
import type { Signer } from '../../../src/keys/signer.ts'
import { asking, done, genesis, netuid, pause, signerOf, startWorld, stuck, until } from '../axon/axonWorld.ts'
import { fakeAxon } from './fakeAxon.ts'

const ask = { domain: 'law', timeoutMs: 10_000 }
const failure = (code: string, more: object = {}) => expect.objectContaining({ failure: { code, ...more } })
const caught = (answer: Promise<Answer>): Promise<DendriteError> =>
  answer.then(
    () => expect.unreachable(),
    (error: DendriteError) => error,
  )

describe('before anything is sent', () => {
  test('a peer with another key than the published one gets not a byte', async () => {
    let bytes = 0
    const fake = await fakeAxon({
      onBytes: (count) => {
        bytes += count
      },
    })
    const signer = await signerOf('//Bob')
    const wrong = connect({ ...fake.target, publicKey: generateAxonKey().publicKey, signer, genesis, netuid })
    await expect(wrong).rejects.toEqual(failure('wrong-key', { host: '127.0.0.1', port: fake.target.port }))
    await until(() => fake.connections === 1)
    await pause(100)
    expect(bytes).toBe(0)
    const right = await connect({ ...fake.target, signer, genesis, netuid })
    onTestFinished(() => right.close())
    expect(bytes).toBeGreaterThan(0)
  })

  test('a published key that is none is refused, with nobody called', async () => {
    const fake = await fakeAxon()
    for (const publicKey of [new Uint8Array(32), new Uint8Array(33).fill(1), new Uint8Array(32).fill(255)]) {
      const call = connect({ ...fake.target, publicKey, signer: await signerOf('//Bob'), genesis, netuid })
      await expect(call).rejects.toEqual(failure('bad-caller'))
    }
    expect(fake.connections).toBe(0)
  })

  test('an axon that calls itself by another hotkey, or says something else first, is not asked', async () => {
    const bob = { signer: await signerOf('//Bob'), genesis, netuid }
    const other = await fakeAxon({
      onHello: (ws, welcome) => ws.send(JSON.stringify({ ...welcome, hotkey: bob.signer.address })),
    })
    await expect(connect({ ...other.target, ...bob })).rejects.toThrow(/it says it is 5/)
    const rude = await fakeAxon({ onHello: (ws) => ws.send('{"type":"pong"}') })
    await expect(connect({ ...rude.target, ...bob })).rejects.toEqual(failure('bad-axon'))
    const mute = await fakeAxon({ onHello: () => undefined })
    const slow = connect({ ...mute.target, ...bob, connectTimeoutMs: 100 })
    await expect(slow).rejects.toEqual(failure('unreachable', { host: '127.0.0.1', port: mute.target.port }))
  })

  test('a refusal comes with its reason, and calls that wait for the connection fail with it', async () => {
    const world = await startWorld()
    const refused = connect({ ...world.target, ...(await world.caller('//Eve')) })
    await expect(refused).rejects.toEqual(failure('refused', { reason: 'unknown-hotkey' }))
    const session = new Session(world.target, await world.caller('//Eve'))
    onTestFinished(() => session.close())
    const both = [caught(session.askOnce(asking('x'), ask)), caught(session.askOnce(asking('y'), ask))]
    for (const error of await Promise.all(both)) expect(error).toEqual(failure('refused', { reason: 'unknown-hotkey' }))
  })

  test('a signer that fails is this end’s fault', async () => {
    const world = await startWorld()
    const signer: Signer = {
      ...(await signerOf('//Bob')),
      sign: () => {
        throw new Error('the device is locked')
      },
    }
    await expect(connect({ ...world.target, signer, genesis, netuid })).rejects.toThrow(/the device is locked/)
  })
})

describe('an ask', () => {
  test('streams, and stops the axon when its reader leaves', async () => {
    let wasStopped = false
    const answer: Answerer = async function* (_ask, { signal }) {
      try {
        for (let i = 0; !signal.aborted; i++) {
          yield { type: 'text', text: `${i} ` }
          await pause(2)
        }
      } finally {
        wasStopped = true
      }
    }
    const world = await startWorld({ answer })
    const session = await world.connect('//Bob')
    let read = ''
    for await (const event of session.ask(asking('count'), ask)) {
      if (event.type === 'text') read += event.text
      if (read.length > 10) break
    }
    expect(read).toMatch(/^0 1 2 3 /)
    await until(() => wasStopped && world.axon.running === 0)
    expect(world.events.at(-1)).toMatchObject({ type: 'unanswered', code: 'cancelled' })
  })

  test('ends at its time-out, at its signal, and not at all where that has fired before', async () => {
    const world = await startWorld({ answer: stuck })
    const session = await world.connect('//Bob')
    const late = caught(session.askOnce(asking('x'), { ...ask, timeoutMs: 80 }))
    expect(await late).toEqual(failure('timeout', { afterMs: 80 }))
    const leave = new AbortController()
    const left = caught(session.askOnce(asking('x'), { ...ask, signal: leave.signal }))
    await until(() => world.axon.running === 1)
    leave.abort(new Error('enough'))
    const error = await left
    expect(error).toEqual(failure('cancelled'))
    expect(error.cause).toEqual(new Error('enough'))
    await until(() => world.events.filter(({ type }) => type === 'unanswered').length === 2)
    const before = world.events.length
    const never = caught(session.askOnce(asking('x'), { ...ask, signal: leave.signal }))
    expect(await never).toEqual(failure('cancelled'))
    await pause(30)
    expect(world.events).toHaveLength(before)
  })

  test('may have a time-out longer than timers count', async () => {
    const session = await (await startWorld()).connect('//Bob')
    expect((await session.askOnce(asking('x'), { ...ask, timeoutMs: 2 ** 40 })).text).toBe('x')
  })

  test('waits its turn where the axon takes few at a time, and can still be cancelled', async () => {
    const world = await startWorld({ answer: stuck, limits: { maxPending: 1 } })
    const session = await world.connect('//Bob')
    const leave = new AbortController()
    const first = caught(session.askOnce(asking('1'), { ...ask, signal: leave.signal }))
    const second = caught(session.askOnce(asking('2'), { ...ask, timeoutMs: 60 }))
    expect(await second).toEqual(failure('timeout', { afterMs: 60 }))
    const third = caught(session.askOnce(asking('3'), { ...ask, timeoutMs: 1_500 }))
    leave.abort()
    expect(await first).toEqual(failure('cancelled'))
    expect(await third).toEqual(failure('timeout', { afterMs: 1_500 }))
    await until(() => world.axon.running === 0 && world.axon.waiting === 0)
    // The second never got there.
    expect(world.events.filter(({ type }) => type === 'unanswered')).toHaveLength(2)
  })

  test('times are measured', async () => {
    const answer: Answerer = async function* () {
      yield { type: 'text', text: 'a' }
      await pause(60)
      yield done('a')
    }
    const session = await (await startWorld({ answer })).connect('//Bob')
    const { firstTextMs, elapsedMs } = await session.askOnce(asking('x'), ask)
    expect(firstTextMs).toBeGreaterThan(0)
    expect(elapsedMs - firstTextMs).toBeGreaterThan(30)
  })
})

describe('a lost connection', () => {
  test('comes back by itself: what was in flight fails, what comes meanwhile waits', async () => {
    const key = generateAxonKey()
    const world = await startWorld({ key, answer: stuck })
    const session = await world.connect('//Bob')
    const inFlight = caught(session.askOnce(asking('x'), ask))
    await until(() => world.axon.running === 1)
    const { port } = world.axon
    // The connection is cut as a killed process cuts it.
    await world.axon.close()
    expect((await inFlight).failure.code).toMatch(/connection-lost|unanswered/)
    const waiting = session.askOnce(asking('meanwhile'), { ...ask, timeoutMs: 20_000 })
    const second = await startWorld({ key, port })
    expect((await waiting).text).toBe('meanwhile')
    expect(second.axon.sessions).toBe(1)
  })

  test('of an axon that said goodbye is no loss: its answers come, the next question goes to its successor', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer: Answerer = async function* () {
      await gate
      yield { type: 'text', text: 'from the old one' }
      yield done('')
    }
    const key = generateAxonKey()
    const world = await startWorld({ key, answer })
    const session = await world.connect('//Bob')
    const old = session.askOnce(asking('x'), ask)
    await until(() => world.axon.running === 1)
    const drained = world.axon.drain(10_000)
    await pause(50)
    const next = session.askOnce(asking('to the new one'), { ...ask, timeoutMs: 20_000 })
    release()
    expect((await old).text).toBe('from the old one')
    await drained
    await startWorld({ key, port: world.axon.port })
    expect((await next).text).toBe('to the new one')
  })

  test('is noticed where the axon is merely silent', async () => {
    const fake = await fakeAxon({ isAwake: false })
    const options = { signer: await signerOf('//Bob'), genesis, netuid, heartbeatMs: 40 }
    const session = await connect({ ...fake.target, ...options })
    onTestFinished(() => session.close())
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('connection-lost'))
    expect(fake.heard.some(({ type }) => type === 'ping')).toBe(true)
  })

  test('while the axon answers pings, a long answer is waited for', async () => {
    const fake = await fakeAxon()
    const options = { signer: await signerOf('//Bob'), genesis, netuid, heartbeatMs: 400 }
    const session = await connect({ ...fake.target, ...options })
    onTestFinished(() => session.close())
    const late = caught(session.askOnce(asking('x'), { ...ask, timeoutMs: 1_800 }))
    expect(await late).toEqual(failure('timeout', { afterMs: 1_800 }))
  })

  test('nobody listens: the call fails, and the session can be asked again later', async () => {
    const key = generateAxonKey()
    const world = await startWorld({ key })
    const { port } = world.axon
    await world.axon.close()
    const session = new Session(world.target, await world.caller('//Bob'))
    onTestFinished(() => session.close())
    const first = await caught(session.askOnce(asking('x'), ask))
    expect(first).toEqual(failure('unreachable', { host: '127.0.0.1', port }))
    expect(first.message).toContain(`127.0.0.1:${port}`)
    await startWorld({ key, port })
    await session.connect()
    expect((await session.askOnce(asking('x'), ask)).text).toBe('x')
  })
})

describe('a closed session', () => {
  test('fails what is in flight and what comes later', async () => {
    const world = await startWorld({ answer: stuck })
    const session = await world.connect('//Bob')
    const open = caught(session.askOnce(asking('x'), ask))
    await until(() => world.axon.running === 1)
    session.close()
    expect(await open).toEqual(failure('closed'))
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('closed'))
    await expect(session.connect()).rejects.toEqual(failure('closed'))
    await until(() => world.axon.sessions === 0)
  })

  test('closes also a connection that was still being made', async () => {
    const world = await startWorld()
    const session = new Session(world.target, await world.caller('//Bob'))
    const waiting = caught(session.askOnce(asking('x'), ask))
    session.close()
    expect(await waiting).toEqual(failure('closed'))
    await pause(200)
    expect(world.axon.sessions).toBe(0)
  })

  test('lets go at once of a peer that says nothing, so that the process can end', async () => {
    let links = 0
    const mute = createServer((link) => {
      links++
      link.resume().on('error', () => undefined)
      link.on('close', () => links--)
    })
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void mute.close())
    const { target, caller } = await startWorld()
    const session = new Session({ ...target, port: (mute.address() as AddressInfo).port }, await caller('//Bob'))
    const connecting = session.connect()
    const outcome = expect(connecting).rejects.toEqual(failure('closed'))
    await until(() => links === 1)
    session.close()
    await outcome
    await until(() => links === 0)
  })
})

test('startAxon and connect work over IPv6 and by name', async () => {
  const { key, target, caller } = await startWorld()
  const axon = await startAxon({
    port: 0,
    key,
    hotkey: target.hotkey,
    genesis,
    netuid,
    domains: ['law'],
    models: [],
    admit: () => ({ ok: true, stake: 0n }),
    answer: async function* () {
      yield done('')
    },
  })
  onTestFinished(() => axon.close())
  for (const host of ['localhost', '127.0.0.1']) {
    const session = await connect({ ...target, host, port: axon.port, ...(await caller('//Bob')) })
    expect((await session.askOnce(asking('x'), ask)).text).toBe('')
    session.close()
  }
})
