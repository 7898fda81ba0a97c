import { sign } from 'node:crypto'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WebSocket } from 'ws'
import { type AxonKey, generateAxonKey } from '../../src/axon/axonKey.ts'
import { connect } from '../../src/dendrite/connect.ts'
import type { DendriteError } from '../../src/dendrite/dendriteError.ts'
import type { Session } from '../../src/dendrite/session.ts'
import type { Answer } from '../../src/dendrite/target.ts'
import type { AskMessage } from '../../src/wire/callerMessage.ts'
import { answerHash, requestHash, settingsHash } from '../../src/wire/hashes.ts'
import { receiptText, type UnsignedReceipt } from '../../src/wire/receipt.ts'
import { wireLimits } from '../../src/wire/wireLimits.ts'
import {
  asking,
  fingerprint,
  genesis,
  netuid,
  pause,
  signerOf,
  startWorld,
  traceHash,
  until,
} from '../unit/axon/axonWorld.ts'
import { type FakeAxon, type FakeAxonOptions, fakeAxon } from '../unit/dendrite/fakeAxon.ts'

const bob = await signerOf('//Bob')
const ask = { domain: 'law', timeoutMs: 10_000 }
const failure = (code: string, more: object = {}) => expect.objectContaining({ failure: { code, ...more } })
const caught = (answer: Promise<Answer>): Promise<DendriteError> =>
  answer.then(
    () => expect.unreachable(),
    (error: DendriteError) => error,
  )

async function meet(options: FakeAxonOptions, heartbeatMs?: number): Promise<{ fake: FakeAxon; session: Session }> {
  const fake = await fakeAxon(options)
  const caller = { signer: bob, genesis, netuid, ...(heartbeatMs !== undefined && { heartbeatMs }) }
  const session = await connect({ ...fake.target, ...caller })
  onTestFinished(() => session.close())
  return { fake, session }
}

/** The caller is none the worse for it: the next axon answers it. */
async function expectUnharmed(): Promise<void> {
  const session = await (await startWorld()).connect('//Bob')
  expect((await session.askOnce(asking('next'), ask)).text).toBe('next')
}

describe('an answer whose receipt does not fit is an error that names the part', () => {
  const text = 'Yes.'

  /** A whole answer; `changed` goes into what is signed, `said` into what is sent. */
  function answerOf(key: AxonKey, message: AskMessage, changed: Partial<UnsignedReceipt>, said: object): object {
    const receipt: UnsignedReceipt = {
      version: 1,
      miner: '',
      caller: bob.address,
      genesis,
      netuid,
      requestId: message.id,
      domain: message.domain,
      requestHash: requestHash(message.request),
      settingsHash: settingsHash(message.request),
      modelFingerprint: fingerprint,
      answerHash: answerHash(text),
      traceHash,
      promptTokens: 1,
      completionTokens: 2,
      issuedAtMs: Date.now(),
      ...changed,
    }
    const signature = sign(null, Buffer.from(receiptText(receipt)), key.privateKey).toString('hex')
    const seal = {
      requestHash: receipt.requestHash,
      settingsHash: receipt.settingsHash,
      modelFingerprint: receipt.modelFingerprint,
      answerHash: receipt.answerHash,
      issuedAtMs: receipt.issuedAtMs,
      signature,
    }
    const counts = { reason: 'stop', promptTokens: 1, completionTokens: 2, traceHash }
    return { type: 'done', id: message.id, text, ...counts, receipt: seal, ...said }
  }

  const cases: readonly [what: string, changed: Partial<UnsignedReceipt>, said: object, part: string][] = [
    ['none at all', {}, { receipt: undefined }, 'missing'],
    ['of another question', { requestHash: '11'.repeat(32) }, {}, 'requestHash'],
    ['of other settings', { settingsHash: '11'.repeat(32) }, {}, 'settingsHash'],
    ['of another model', { modelFingerprint: '11'.repeat(32) }, {}, 'modelFingerprint'],
    ['of another answer', {}, { text: 'No.' }, 'answerHash'],
    ['of another miner', { miner: bob.address }, {}, 'signature'],
    ['of another caller', { caller: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' }, {}, 'signature'],
    ['of another chain', { genesis: `0x${'00'.repeat(32)}` }, {}, 'signature'],
    ['of another subnet', { netuid: 3 }, {}, 'signature'],
    ['of another ask', { requestId: 'old' }, {}, 'signature'],
    ['of another domain', { domain: 'finance' }, {}, 'signature'],
    ['with another trace', {}, { traceHash: '11'.repeat(32) }, 'signature'],
    ['with more tokens than were signed', {}, { completionTokens: 3 }, 'signature'],
  ]
  test.each(cases)('%s', async (_what, changed, said, part) => {
    const { address: miner } = await signerOf('//Alice')
    let fake: FakeAxon | undefined
    const { session, ...met } = await meet({
      onAsk: (ws, message) => ws.send(JSON.stringify(answerOf(fake!.key, message, { miner, ...changed }, said))),
    })
    fake = met.fake
    expect(await caught(session.askOnce(asking('May he?'), ask))).toEqual(failure('bad-receipt', { part }))
  })

  test('signed with another key', async () => {
    const { address: miner } = await signerOf('//Alice')
    const key = generateAxonKey()
    const { session } = await meet({
      onAsk: (ws, message) => ws.send(JSON.stringify(answerOf(key, message, { miner }, {}))),
    })
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('bad-receipt', { part: 'signature' }))
  })

  test('and the one that fits is taken', async () => {
    const { address: miner } = await signerOf('//Alice')
    let fake: FakeAxon | undefined
    const { session, ...met } = await meet({
      onAsk: (ws, message) => ws.send(JSON.stringify(answerOf(fake!.key, message, { miner }, {}))),
    })
    fake = met.fake
    expect((await session.askOnce(asking('x'), ask)).text).toBe(text)
  })
})

describe('an axon that sends too much', () => {
  const piece = (id: string, text: string): string => JSON.stringify({ type: 'piece', id, text })
  const pour = (ws: WebSocket, make: () => string): void => {
    const next = (): void => {
      for (let i = 0; i < 50 && ws.readyState === ws.OPEN && ws.bufferedAmount < 4_000_000; i++) ws.send(make())
      if (ws.readyState === ws.OPEN) setTimeout(next, 1)
    }
    next()
  }

  test('in one answer, is given up', async () => {
    const { fake, session } = await meet({ onAsk: (ws, { id }) => pour(ws, () => piece(id, 'x'.repeat(60_000))) })
    const before = process.memoryUsage().rss
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('bad-axon'))
    await until(() => fake.heard.some(({ type }) => type === 'cancel'))
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024)
    await expectUnharmed()
  })

  test('in one frame, is cut off', async () => {
    const { session } = await meet({
      onAsk: (ws, { id }) => ws.send(piece(id, 'x'.repeat(wireLimits.maxAxonFrameBytes))),
    })
    expect((await caught(session.askOnce(asking('x'), ask))).failure.code).toBe('connection-lost')
    await expectUnharmed()
  })

  test('in pieces of nothing, or about asks that nobody made, is cut off', async () => {
    const floods = [
      (id: string) => piece(id, ''),
      () => piece('nobody', 'x'.repeat(10_000)),
      () => '{"type":"pong"}',
      () => '{"type":"error","code":"bad-message","message":"?"}',
    ]
    for (const flood of floods) {
      const { session } = await meet({ onAsk: (ws, { id }) => pour(ws, () => flood(id)) })
      const events: unknown[] = []
      const read = async (): Promise<void> => {
        for await (const event of session.ask(asking('x'), { ...ask, timeoutMs: 25_000 })) events.push(event)
      }
      await expect(read()).rejects.toEqual(failure('bad-axon'))
      expect(events).toEqual([])
    }
    await expectUnharmed()
  }, 60_000)
})

describe('an axon that breaks the protocol is cut off', () => {
  test.each([
    ['no JSON', 'hello there'],
    ['deep JSON', `{"type":"pong","x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['a message that is none', '{"type":"ask"}'],
    ['a second welcome', undefined],
    ['an error longer than errors are', JSON.stringify({ type: 'error', code: 'busy', message: 'x'.repeat(100_000) })],
  ])('%s', async (_what, frame) => {
    let welcome = ''
    const { session } = await meet({
      onHello: (ws, message) => {
        welcome = JSON.stringify(message)
        ws.send(welcome)
        ws.on('message', () => ws.send(frame ?? welcome))
      },
    })
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('bad-axon'))
    await expectUnharmed()
  })

  test('with a reserved bit, or bytes that are no frames', async () => {
    for (const bytes of [Buffer.of(0xc1, 0x00), Buffer.of(0xff, 0xff, 0xff), Buffer.of(0x81, 0x01, 0xff)]) {
      const { session } = await meet({
        onHello: (ws, message) => {
          ws.send(JSON.stringify(message))
          const { _socket: socket } = ws as unknown as { _socket: { write(bytes: Buffer): void } }
          ws.on('message', () => socket.write(bytes))
        },
      })
      expect((await caught(session.askOnce(asking('x'), ask))).failure.code).toBe('connection-lost')
    }
  })
})

test('an axon cannot make its callers flood it with pings, by any figure in its welcome', async () => {
  for (const heartbeatMs of [1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const { fake } = await meet({ limits: { heartbeatMs } })
    await pause(300)
    expect(fake.heard.length).toBeLessThan(3)
  }
})

test('an axon that drips its answer is left at the caller’s own time-out', async () => {
  const { session } = await meet({
    onAsk: (ws, { id }) => {
      const drip = setInterval(() => ws.send(JSON.stringify({ type: 'piece', id, text: 'x' })), 10)
      ws.on('close', () => clearInterval(drip))
    },
  })
  const late = caught(session.askOnce(asking('x'), { ...ask, timeoutMs: 300 }))
  expect(await late).toEqual(failure('timeout', { afterMs: 300 }))
})

describe('what comes in one packet with the welcome is not lost', () => {
  /** The welcome and what follows it, in one TLS record. */
  const together = (ws: WebSocket, welcome: object, rest: () => void): void => {
    const { _socket: socket } = ws as unknown as { _socket: Socket }
    socket.cork()
    ws.send(JSON.stringify(welcome))
    rest()
    socket.uncork()
  }

  test('bytes that are no frames do not end the caller’s process', async () => {
    for (const bytes of [Buffer.of(0xc1, 0x00), Buffer.of(0xff, 0xff, 0xff), Buffer.of(0x81, 0x01, 0xff)]) {
      const met = meet({
        onHello: (ws, welcome) =>
          together(ws, welcome, () => (ws as unknown as { _socket: Socket })._socket.write(bytes)),
      })
      await expect(met).rejects.toEqual(failure('connection-lost'))
    }
    await expectUnharmed()
  })

  test('a goodbye is heard', async () => {
    const met = meet({
      onHello: (ws, welcome) =>
        together(ws, welcome, () => ws.send(JSON.stringify({ type: 'goodbye', reason: 'draining' }))),
    })
    await expect(met).rejects.toEqual(failure('connection-lost'))
  })
})

test('an axon that says goodbye and does not hang up leaves no connections behind', async () => {
  let open = 0
  const { session } = await meet({
    onHello: (ws, welcome) => {
      open++
      ws.on('close', () => open--)
      ws.send(JSON.stringify(welcome))
      setTimeout(() => ws.send(JSON.stringify({ type: 'goodbye', reason: 'idle' })), 5)
    },
  })
  for (let i = 0; i < 5; i++) {
    await until(() => session.welcome === undefined)
    await session.connect()
  }
  await until(() => session.welcome === undefined)
  await until(() => open === 0)
})

test('an axon that hangs up while the hello is being signed does not end the caller’s process', async () => {
  const links: Socket[] = []
  const fake = await fakeAxon({ onSecure: () => setTimeout(() => links[0]!.resetAndDestroy(), 20) })
  const between = createServer((link) => {
    links.push(link)
    const onward = createConnection(fake.target.port, '127.0.0.1')
    for (const socket of [link, onward]) socket.on('error', () => undefined)
    link.pipe(onward).pipe(link)
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void between.close())
  const { port } = between.address() as AddressInfo
  const slow = { ...bob, sign: (bytes: Uint8Array) => pause(100).then(() => bob.sign(bytes)) }
  const asked = connect({ ...fake.target, port, signer: slow, genesis, netuid, connectTimeoutMs: 2_000 })
  await expect(asked).rejects.toEqual(failure('unreachable', { host: '127.0.0.1', port }))
})

test('an axon that says it is there and reads nothing does not fill its caller’s memory with asks', async () => {
  const { fake, session } = await meet({
    onHello: (ws, welcome) => {
      ws.send(JSON.stringify(welcome))
      ws.pause()
      const pongs = setInterval(() => ws.send('{"type":"pong"}'), 50)
      ws.on('close', () => clearInterval(pongs))
      onTestFinished(() => clearInterval(pongs))
    },
  })
  const failures: string[] = []
  for (let i = 0; i < 60 && !failures.includes('connection-lost'); i++) {
    const asks = Array.from({ length: 8 }, () =>
      caught(session.askOnce(asking('x'.repeat(60_000)), { ...ask, timeoutMs: 10 })),
    )
    for (const error of await Promise.all(asks)) failures.push(error.failure.code)
  }
  expect(failures).toContain('connection-lost')
  expect(fake.heard).toEqual([])
})
