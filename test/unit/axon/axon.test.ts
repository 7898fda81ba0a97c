import { request as httpsRequest } from 'node:https'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AnswerEvent, Answerer } from '../../../src/axon/answer.ts'
import { AnswerError } from '../../../src/axon/axonError.ts'
import { startAxon } from '../../../src/axon/startAxon.ts'
import { connect } from '../../../src/dendrite/connect.ts'
import type { DendriteError } from '../../../src/dendrite/dendriteError.ts'
import type { Answer, AskEvent } from '../../../src/dendrite/target.ts'
import { verifyReceipt } from '../../../src/wire/verifyReceipt.ts'
import { wireLimits } from '../../../src/wire/wireLimits.ts'
import { asking, done, fingerprint, genesis, netuid, pause, startWorld, stuck, traceHash, until } from './axonWorld.ts'

const ask = { domain: 'law', timeoutMs: 10_000 }
const failure = (code: string, more: object = {}) => expect.objectContaining({ failure: { code, ...more } })
const caught = (answer: Promise<Answer>): Promise<DendriteError> =>
  answer.then(
    () => expect.unreachable(),
    (error: DendriteError) => error,
  )

describe('an answer', () => {
  test('comes in pieces, whole, with a receipt that anybody can verify with the published key', async () => {
    const world = await startWorld()
    const session = await world.connect('//Bob')
    const request = asking('one two three four')
    const events: AskEvent[] = []
    for await (const event of session.ask(request, ask)) events.push(event)
    const texts = events.flatMap((event) => (event.type === 'text' ? [event.text] : []))
    expect(texts.length).toBeGreaterThan(1)
    expect(texts.join('')).toBe('one two three four')
    const last = events.at(-1)
    if (last?.type !== 'done') return expect.unreachable()
    const { receipt, ...answer } = last.answer
    expect(answer).toMatchObject({
      text: 'one two three four',
      reason: 'stop',
      promptTokens: 3,
      completionTokens: 4,
      traceHash,
    })
    const { signer } = await world.caller('//Bob')
    const fields = {
      miner: world.target.hotkey,
      caller: signer.address,
      genesis,
      netuid,
      requestId: answer.id,
      domain: 'law',
      modelFingerprint: fingerprint,
      traceHash,
      promptTokens: 3,
      completionTokens: 4,
    }
    // With the portable functions, as a third party would, from the 33 bytes on chain.
    const publicKey = world.axon.certificate.subarray(1)
    expect(verifyReceipt(receipt!, { publicKey, request, answer: answer.text, fields })).toEqual({ ok: true })
    expect(Math.abs(receipt!.issuedAtMs - Date.now())).toBeLessThan(60_000)
    const { hotkey } = world.events[0] as { hotkey: string }
    expect(world.events.map(({ type }) => type)).toEqual(['opened', 'answered'])
    expect(hotkey).toBe(signer.address)
  })

  test('of a domain without a model names none in its receipt', async () => {
    const session = await (await startWorld()).connect('//Bob')
    const { receipt } = await session.askOnce(asking('x'), { ...ask, domain: 'medicine' })
    expect(receipt?.modelFingerprint).toBe('0'.repeat(64))
  })

  test('may go without a receipt where both ends agree', async () => {
    const waivable = await (await startWorld()).connect('//Bob')
    expect((await waivable.askOnce(asking('x'), { ...ask, receipt: false })).receipt).toBe(undefined)
    const strict = await (await startWorld({ receipts: 'always' })).connect('//Bob')
    expect((await strict.askOnce(asking('x'), { ...ask, receipt: false })).receipt).toBeDefined()
  })

  test.each([0, 1, 100, 124, 125, 126, 65_000, 65_535, 65_536, 200_000])(
    'of %i characters is not changed',
    async (size) => {
      const text = 'é"\ud800\\x'.repeat(Math.ceil(size / 5)).slice(0, size)
      const answer: Answerer = async function* () {
        if (size > 0) yield { type: 'text', text }
        yield done('')
      }
      const session = await (await startWorld({ answer })).connect('//Bob')
      expect((await session.askOnce(asking('x'), ask)).text).toBe(text)
    },
  )

  test.each(['€', '\u0001'])('of the greatest length, all at once and of %j, is whole', async (char) => {
    const text = char.repeat(wireLimits.maxAnswerChars)
    const answer: Answerer = async function* () {
      yield { type: 'text', text }
      yield done('')
    }
    const session = await (await startWorld({ answer })).connect('//Bob')
    expect((await session.askOnce(asking('x'), ask)).text === text).toBe(true)
  })

  test('to a question as long as a frame allows', async () => {
    const session = await (await startWorld({ answer: lengthOf })).connect('//Bob')
    const content = 'x'.repeat(session.welcome!.limits.maxFrameBytes - 400)
    expect((await session.askOnce(asking(content), ask)).text).toBe(String(content.length))
    // A longer one costs itself, not the session.
    const tooLong = caught(session.askOnce(asking(`${content}${content}`), ask))
    expect(await tooLong).toEqual(failure('unanswered', { reason: 'oversize' }))
    expect((await session.askOnce(asking('abc'), ask)).text).toBe('3')
  })

  test('many at a time over one session, each its own', async () => {
    const session = await (await startWorld({ limits: { maxPending: 7, maxRunning: 3 } })).connect('//Bob')
    const questions = Array.from({ length: 100 }, (_, i) => `question ${i}`)
    const answers = await Promise.all(questions.map((content) => session.askOnce(asking(content), ask)))
    expect(answers.map(({ text }) => text)).toEqual(questions)
  })
})

const lengthOf: Answerer = async function* ({ request }) {
  yield { type: 'text', text: String(request.messages[0]!.content.length) }
  yield done('')
}

describe('no answer', () => {
  test('past the deadline: both ends are told, and the answerer is stopped', async () => {
    let stopped = false
    const answer: Answerer = async function* (asked, context) {
      try {
        yield* stuck(asked, context)
      } finally {
        stopped = true
      }
    }
    const world = await startWorld({ answer, limits: { maxDeadlineMs: 100 } })
    const session = await world.connect('//Bob')
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('unanswered', { reason: 'deadline' }))
    expect(world.events.at(-1)).toMatchObject({ type: 'unanswered', code: 'deadline' })
    await until(() => stopped && world.axon.running === 0)
  })

  test('for a domain that is not served', async () => {
    const session = await (await startWorld()).connect('//Bob')
    const refused = caught(session.askOnce(asking('x'), { ...ask, domain: 'finance' }))
    expect(await refused).toEqual(failure('unanswered', { reason: 'unknown-domain' }))
  })

  test('where the answerer says why, its words go over the wire; where it merely throws, they stay here', async () => {
    const errors = {
      polite: new AnswerError('the prompt has 900 tokens where 512 fit', { code: 'bad-request' }),
      full: new AnswerError('come back', { code: 'busy', retryAfterMs: 250 }),
      rude: new Error('/home/miner/secret.pem is gone'),
    }
    const answer: Answerer = async function* ({ request }) {
      yield { type: 'text', text: 'well, ' }
      throw errors[request.messages[0]!.content as keyof typeof errors]
    }
    const world = await startWorld({ answer })
    const session = await world.connect('//Bob')
    const polite = await caught(session.askOnce(asking('polite'), ask))
    expect(polite).toEqual(failure('unanswered', { reason: 'bad-request' }))
    expect(polite.message).toContain('the prompt has 900 tokens where 512 fit')
    const full = await caught(session.askOnce(asking('full'), ask))
    expect(full).toEqual(failure('unanswered', { reason: 'busy', retryAfterMs: 250 }))
    const rude = await caught(session.askOnce(asking('rude'), ask))
    expect(rude).toEqual(failure('unanswered', { reason: 'failed' }))
    expect(rude.message).not.toContain('secret')
    expect(world.events.at(-1)).toMatchObject({ type: 'unanswered', code: 'failed', error: errors.rude })
    expect(world.axon.running).toBe(0)
  })

  test.each<[string, object]>([
    ['confidence', { confidence: Number.NaN }],
    ['confidence', { confidence: 1.5 }],
    ['completionTokens', { completionTokens: -1 }],
    ['promptTokens', { promptTokens: 2.5 }],
    ['traceHash', { traceHash: 'none' }],
    ['reason', { reason: 'eos' }],
  ])('whose author gets its %s wrong fails alone and says so to its owner', async (field, wrong) => {
    const answer: Answerer = async function* ({ request }, { signal }) {
      if (request.messages[0]!.content === 'wait') {
        await Promise.race([pause(100), new Promise((resolve) => signal.addEventListener('abort', resolve))])
        yield done('')
      } else yield { ...done(''), ...wrong } as AnswerEvent
    }
    const world = await startWorld({ answer })
    const session = await world.connect('//Bob')
    const other = session.askOnce(asking('wait'), ask)
    expect(await caught(session.askOnce(asking('x'), ask))).toEqual(failure('unanswered', { reason: 'failed' }))
    expect(world.events.at(-1)).toMatchObject({ code: 'failed', error: { message: expect.stringContaining(field) } })
    expect((await other).reason).toBe('stop')
  })

  test.each([0.5, -3, Number.NaN, Number.POSITIVE_INFINITY])(
    'whose author asks to be spared for %d ms is refused as busy, and the session stays',
    async (retryAfterMs) => {
      const answer: Answerer = async function* () {
        yield* []
        throw new AnswerError('later', { code: 'busy', retryAfterMs })
      }
      const session = await (await startWorld({ answer })).connect('//Bob')
      const { failure } = await caught(session.askOnce(asking('x'), ask))
      expect(failure).toMatchObject({ code: 'unanswered', reason: 'busy' })
    },
  )

  test('from an answerer that ends early, or never stops talking', async () => {
    const answer: Answerer = async function* ({ request }) {
      if (request.messages[0]!.content === 'end') return
      for (;;) {
        yield { type: 'text', text: 'x'.repeat(60_000) }
        await pause(1)
      }
    }
    const world = await startWorld({ answer })
    const session = await world.connect('//Bob')
    expect(await caught(session.askOnce(asking('end'), ask))).toEqual(failure('unanswered', { reason: 'failed' }))
    expect(await caught(session.askOnce(asking('talk'), ask))).toEqual(failure('unanswered', { reason: 'failed' }))
    await until(() => world.axon.running === 0)
  })
})

describe('places', () => {
  test('a caller with many asks does not keep another waiting', async () => {
    const order: string[] = []
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer: Answerer = async function* ({ request }) {
      order.push(request.messages[0]!.content)
      await gate
      yield done('')
    }
    const world = await startWorld({ answer, limits: { maxRunning: 1 } })
    const [greedy, modest] = [await world.connect('//Bob'), await world.connect('//Charlie')]
    const all = Array.from({ length: 20 }, (_, i) => greedy.askOnce(asking(`bob ${i}`), ask))
    await until(() => world.axon.waiting === 19)
    const one = modest.askOnce(asking('charlie'), ask)
    await until(() => world.axon.waiting === 20)
    release()
    await Promise.all([...all, one])
    expect(order.indexOf('charlie')).toBeLessThan(5)
  })

  test('an axon that is full says so at once, with a time to wait', async () => {
    const world = await startWorld({ answer: stuck, limits: { maxRunning: 1, maxWaiting: 1, retryAfterMs: 333 } })
    const session = await world.connect('//Bob')
    const leave = new AbortController()
    const held = [1, 2].map(() => caught(session.askOnce(asking('x'), { ...ask, signal: leave.signal })))
    await until(() => world.axon.running === 1 && world.axon.waiting === 1)
    const third = caught(session.askOnce(asking('x'), ask))
    expect(await third).toEqual(failure('unanswered', { reason: 'busy', retryAfterMs: 333 }))
    leave.abort()
    for (const one of await Promise.all(held)) expect(one).toEqual(failure('cancelled'))
    await until(() => world.axon.running === 0 && world.axon.waiting === 0)
  })
})

describe('a session ends', () => {
  test('when nothing is asked for too long, and comes back with the next question', async () => {
    const world = await startWorld({ limits: { idleMs: 80 } })
    const session = await world.connect('//Bob')
    await until(() => world.axon.sessions === 0)
    expect((await session.askOnce(asking('again'), ask)).text).toBe('again')
    expect(world.events).toContainEqual(expect.objectContaining({ type: 'closed', code: 'idle' }))
  })

  test('when the peer is not heard', async () => {
    const world = await startWorld({ limits: { heartbeatMs: 40, silentBeats: 2 } })
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    expect(await raw.closed).toBe(4032)
    expect(raw.told).toBe('silent')
  })

  test('but not while it is heard', async () => {
    const world = await startWorld({ limits: { heartbeatMs: 500, silentBeats: 3 } })
    const raw = await world.raw()
    await raw.enter('//Bob', world.target)
    for (let i = 0; i < 12; i++) {
      raw.send({ type: 'ping' })
      await pause(150)
    }
    expect(raw.isClosed).toBe(false)
    expect(raw.frames).toEqual(Array.from({ length: 12 }, () => ({ type: 'pong' })))
  })

  test('with its asks, when the caller leaves', async () => {
    const world = await startWorld({ answer: stuck })
    const session = await world.connect('//Bob')
    const open = caught(session.askOnce(asking('x'), ask))
    await until(() => world.axon.running === 1)
    session.close()
    expect(await open).toEqual(failure('closed'))
    await until(() => world.axon.running === 0 && world.axon.sessions === 0)
    expect(world.events.map(({ type }) => type)).toEqual(['opened', 'unanswered', 'closed'])
  })
})

describe('drain', () => {
  test('lets answers in flight finish, takes nothing new and closes the port', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer: Answerer = async function* () {
      await gate
      yield { type: 'text', text: 'in time' }
      yield done('')
    }
    const world = await startWorld({ answer })
    const raw = await world.raw()
    await raw.enter('//Charlie', world.target)
    const session = await world.connect('//Bob')
    const inFlight = session.askOnce(asking('x'), ask)
    await until(() => world.axon.running === 1)
    const drained = world.axon.drain(5_000)
    await until(() => raw.frames.length > 0)
    expect(raw.frames).toEqual([{ type: 'goodbye', reason: 'draining' }])
    raw.send({ type: 'ask', id: 'late', domain: 'law', request: asking('x'), deadlineMs: 1_000 })
    await until(() => raw.frames.length > 1)
    expect(raw.frames[1]).toMatchObject({ type: 'error', id: 'late', code: 'draining', retryAfterMs: 1_000 })
    release()
    expect((await inFlight).text).toBe('in time')
    await drained
    expect(await raw.closed).toBe(1001)
    const again = connect({ ...world.target, ...(await world.caller('//Bob')) })
    await expect(again).rejects.toEqual(failure('unreachable', { host: '127.0.0.1', port: world.axon.port }))
  })

  test('ends what is not done in time', async () => {
    const world = await startWorld({ answer: stuck })
    const session = await world.connect('//Bob')
    const inFlight = caught(session.askOnce(asking('x'), ask))
    await until(() => world.axon.running === 1)
    await world.axon.drain(50)
    expect(await inFlight).toEqual(failure('unanswered', { reason: 'draining', retryAfterMs: 1_000 }))
  })
})

describe('the port', () => {
  test('that is taken is named, with what to do', async () => {
    const world = await startWorld()
    const { key } = world
    const second = startAxon({
      host: '127.0.0.1',
      port: world.axon.port,
      key,
      hotkey: world.target.hotkey,
      genesis,
      netuid,
      domains: [],
      models: [],
      admit: () => ({ ok: false, code: 'denied' }),
      answer: stuck,
    })
    await expect(second).rejects.toMatchObject({
      failure: { code: 'cannot-listen', host: '127.0.0.1', port: world.axon.port },
      mend: expect.stringContaining('--axon.port'),
    })
  })

  test('answers plain HTTPS with 426, or with what it was given', async () => {
    const get = (port: number): Promise<{ status: number | undefined; text: string }> =>
      new Promise((resolve, reject) => {
        const request = httpsRequest({ host: '127.0.0.1', port, rejectUnauthorized: false }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
          })
          response.on('end', () => resolve({ status: response.statusCode, text }))
        })
        onTestFinished(() => void request.destroy())
        request.on('error', reject).end()
      })
    const plain = await startWorld()
    expect(await get(plain.axon.port)).toEqual({ status: 426, text: '' })
    const other = await startWorld({ onRequest: (_request, response) => response.end('hello') })
    expect(await get(other.axon.port)).toEqual({ status: 200, text: 'hello' })
  })
})
