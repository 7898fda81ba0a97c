import { describe, expect, test } from 'vitest'
import type { Answerer } from '../../../src/axon/answer.ts'
import { AnswerError } from '../../../src/axon/axonError.ts'
import { receiptSchema } from '../../../src/wire/receipt.ts'
import { verifyReceipt } from '../../../src/wire/verifyReceipt.ts'
import { asking, done, pause, signerOf, startWorld, stuck, until } from './axonWorld.ts'
import { httpCaller, post, signed, startHttpWorld, tcp, wireText } from './httpWorld.ts'

const bob = await signerOf('//Bob')
const options = { domain: 'law', timeoutMs: 20_000 }

describe.each(['synapse', 'btauth'] as const)('our dendrite by HTTP, in the dialect %s', (dialect) => {
  test('has the whole answer and its receipt', async () => {
    const world = await startHttpWorld()
    const { dendrite, target } = await httpCaller(world, dialect)
    const answer = await dendrite.askOnce(target, { ...asking("naïve 'café' 😀"), seed: 5, stop: ['x'] }, options)
    expect(answer).toMatchObject({ text: "naïve 'café' 😀", reason: 'stop', promptTokens: 3 })
    expect(answer.receipt).toMatchObject({ miner: world.target.hotkey, caller: bob.address, requestId: answer.id })
    expect(answer.id).toMatch(new RegExp(`^${dialect}:\\d{19}$`))
    expect(world.events).toMatchObject([{ type: 'answered', hotkey: bob.address, id: answer.id, domain: 'law' }])
  })

  test('has it piece by piece', async () => {
    const world = await startHttpWorld()
    const { dendrite, target } = await httpCaller(world, dialect)
    const texts: string[] = []
    for await (const event of dendrite.ask(target, asking('one two three'), options)) {
      if (event.type === 'text') texts.push(event.text)
      else expect(event.answer.receipt).toBeDefined()
    }
    expect(texts).toEqual(['one ', 'two ', 'three'])
  })

  test('asks many at once', async () => {
    const world = await startHttpWorld()
    const { dendrite, target } = await httpCaller(world, dialect)
    const asked = Array.from({ length: 20 }, (_, i) => dendrite.askOnce(target, asking(`${i}`), options))
    expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(asked.map((_, i) => `${i}`))
  })

  test('cancels by leaving', async () => {
    const world = await startHttpWorld({ answer: stuck })
    const { dendrite, target } = await httpCaller(world, dialect)
    const leave = new AbortController()
    const asked = dendrite.askOnce(target, asking('x'), { ...options, signal: leave.signal })
    await until(() => world.axon.running === 1)
    leave.abort()
    await expect(asked).rejects.toMatchObject({ failure: { code: 'cancelled' } })
    await until(() => world.axon.running === 0)
    expect(world.events).toMatchObject([{ type: 'unanswered', code: 'cancelled' }])
  })

  test('gives up at its own time', async () => {
    const world = await startHttpWorld({ answer: stuck })
    const { dendrite, target } = await httpCaller(world, dialect)
    const asked = dendrite.askOnce(target, asking('x'), { ...options, timeoutMs: 150 })
    await expect(asked).rejects.toMatchObject({ failure: { code: 'timeout', afterMs: 150 } })
  })

  test('hears why there is no answer', async () => {
    const answer: Answerer = async function* () {
      yield done('')
      throw new Error('never reached')
    }
    const refusing: Answerer = async function* (...given) {
      if (given[0].domain === 'law') throw new AnswerError('too long a question', { code: 'bad-request' })
      yield* answer(...given)
    }
    const world = await startHttpWorld({ answer: refusing })
    const { dendrite, target } = await httpCaller(world, dialect)
    await expect(dendrite.askOnce(target, asking('x'), options)).rejects.toMatchObject({
      message: expect.stringContaining('too long a question'),
      failure: { code: 'unanswered', reason: 'bad-request' },
    })
    // The connection is good for more.
    expect((await dendrite.askOnce(target, asking('x'), { ...options, domain: 'medicine' })).text).toBe('')
  })

  test('hears how long to wait where it asks too often', async () => {
    const world = await startHttpWorld({ limits: { asksPerHotkey: { perMinute: 1, burst: 1 } } })
    const { dendrite, target } = await httpCaller(world, dialect)
    await dendrite.askOnce(target, asking('x'), options)
    const { failure } = await dendrite.askOnce(target, asking('x'), options).catch((error) => error)
    expect(failure).toMatchObject({ code: 'unanswered', reason: 'rate-limited', retryAfterMs: expect.any(Number) })
    expect(failure.retryAfterMs).toBeGreaterThan(30_000)
    expect(failure.retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  test('finds out a receipt of another key', async () => {
    const world = await startHttpWorld()
    const { dendrite, target } = await httpCaller(world, dialect)
    const other = { ...target, publicKey: (await startWorld()).key.publicKey }
    const asked = dendrite.askOnce(other, asking('x'), options)
    await expect(asked).rejects.toMatchObject({ failure: { code: 'bad-receipt', part: 'signature' } })
  })

  test('cannot reach an axon that is gone', async () => {
    const world = await startHttpWorld()
    const { dendrite, target } = await httpCaller(world, dialect)
    await world.axon.close()
    await expect(dendrite.askOnce(target, asking('x'), options)).rejects.toMatchObject({
      failure: { code: 'unreachable' },
    })
  })
})

describe('one port', () => {
  test('takes sessions, plain requests and requests over TLS', async () => {
    const world = await startHttpWorld()
    const session = await world.connect('//Charlie')
    expect((await session.askOnce(asking('by wss'), options)).text).toBe('by wss')
    expect((await post(world, await signed(world, 'synapse'))).status).toBe(200)
    expect((await post(world, await signed(world, 'btauth'), { tls: true })).status).toBe(200)
    expect((await session.askOnce(asking('still'), options)).text).toBe('still')
  })

  test('takes no plain requests unless told to', async () => {
    const world = await startWorld()
    await expect(post(world, await signed(world, 'synapse'))).rejects.toThrow()
    expect((await post(world, await signed(world, 'synapse'), { tls: true })).status).toBe(426)
  })

  test('takes no sessions where there is http alone', async () => {
    const world = await startHttpWorld({ transports: ['http'] })
    await expect(world.connect('//Bob')).rejects.toMatchObject({ failure: { code: 'unreachable' } })
    expect((await post(world, await signed(world, 'synapse'))).status).toBe(200)
  })
})

describe('Epistula', () => {
  test('asks for a chat completion as OpenAI has it, with a receipt beside', async () => {
    const world = await startHttpWorld()
    const body = { model: 'law/echo', messages: [{ role: 'user', content: 'hello there' }] }
    const { status, text } = await post(world, await signed(world, 'epistula', { body, path: '/v1/chat/completions' }))
    expect(status).toBe(200)
    const reply = JSON.parse(text)
    expect(reply).toMatchObject({
      object: 'chat.completion',
      model: 'law/echo',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hello there' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    })
    const receipt = receiptSchema.parse(reply.faculty.receipt)
    expect(verifyReceipt(receipt, { publicKey: world.key.publicKey, answer: 'hello there' })).toEqual({ ok: true })
  })

  test('streams server-sent events', async () => {
    const world = await startHttpWorld()
    const body = { model: 'law', messages: [{ role: 'user', content: 'one two' }], stream: true }
    const request = await signed(world, 'epistula', { body, path: '/v1/chat/completions' })
    const { headers, text } = await post(world, request)
    expect(headers['content-type']).toMatch(/^text\/event-stream/)
    const events = text.split('\n\n').filter((event) => event !== '')
    expect(events.pop()).toBe('data: [DONE]')
    const chunks = events.map((event) => JSON.parse(event.replace(/^data: /, '')))
    expect(chunks.map(({ choices }) => choices[0].delta.content ?? '')).toEqual(['one ', 'two', ''])
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: 5 } })
    expect(chunks.at(-1).faculty.receipt.caller).toBe(bob.address)
  })

  test('refuses in OpenAI’s form', async () => {
    const world = await startHttpWorld()
    const body = { model: 'physics', messages: [{ role: 'user', content: 'x' }] }
    const { status, text } = await post(world, await signed(world, 'epistula', { body, path: '/v1/chat/completions' }))
    expect([status, JSON.parse(text)]).toMatchObject([404, { error: { code: 'unknown-domain', type: 'axon_error' } }])
  })
})

describe('SDK 10', () => {
  test('finds its status in the headers, and itself and the axon in the body', async () => {
    const world = await startHttpWorld()
    const { status, headers, text } = await post(world, await signed(world, 'synapse'))
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      name: 'FacultyChat',
      bt_header_axon_status_code: '200',
      bt_header_axon_status_message: 'Success',
      bt_header_dendrite_hotkey: bob.address,
    })
    expect(JSON.parse(text)).toMatchObject({
      domain: 'law',
      messages: [{ role: 'user', content: 'what is tort?' }],
      answer: 'what is tort?',
      axon: { hotkey: world.target.hotkey },
      dendrite: { hotkey: bob.address },
    })
  })

  test('gets its ping back', async () => {
    const world = await startHttpWorld()
    const { status } = await post(world, await signed(world, 'synapse', { path: '/Synapse', body: {} }))
    expect(status).toBe(200)
    expect(world.events).toEqual([])
  })

  test('hears of an error behind the first piece by a stream that is cut off', async () => {
    const world = await startHttpWorld({
      answer: async function* () {
        yield { type: 'text', text: 'half' }
        await pause(50)
        throw new Error('the GPU is gone')
      },
    })
    let heard = ''
    const request = await signed(world, 'synapse', { path: '/FacultyChatStream' })
    await expect(post(world, request, { onData: (text) => (heard += text) })).rejects.toThrow()
    expect(heard).toContain('{"text":"half"}\n{"error":{"code":"failed"')
    expect(heard).not.toContain('GPU')
  })
})

test('a connection is used again, and cut when it has been idle for the time of a hello', async () => {
  const world = await startHttpWorld({ limits: { helloTimeoutMs: 1_000 } })
  const socket = await tcp(world)
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  for (const count of [1, 2, 3]) {
    await pause(400)
    socket.write(wireText(await signed(world, 'synapse')))
    await until(() => heard.split('HTTP/1.1 200 OK').length - 1 === count)
  }
  const startMs = performance.now()
  await until(() => socket.closed)
  expect(performance.now() - startMs).toBeGreaterThan(500)
})

test('a drain lets an answer finish and takes no new request', async () => {
  let finish = (): void => undefined
  const world = await startHttpWorld({
    answer: async function* () {
      await new Promise<void>((resolve) => (finish = resolve))
      yield { type: 'text', text: 'late' }
      yield done('late')
    },
  })
  const { dendrite, target } = await httpCaller(world, 'synapse')
  const asked = dendrite.askOnce(target, asking('x'), options)
  await until(() => world.axon.running === 1)
  const drained = world.axon.drain(10_000)
  const late = await post(world, await signed(world, 'btauth'))
  expect([late.status, late.headers['retry-after'], late.headers.connection]).toEqual([503, '1', 'close'])
  finish()
  expect((await asked).text).toBe('late')
  await drained
})

test('asks by HTTP stand in one line with those of sessions, and hotkeys take turns', async () => {
  const started: string[] = []
  let go = (): void => undefined
  const first = new Promise<void>((resolve) => (go = resolve))
  const world = await startHttpWorld({
    limits: { maxRunning: 1 },
    answer: async function* (ask) {
      started.push(ask.request.messages[0]!.content)
      await first
      yield done('')
    },
  })
  const session = await world.connect('//Charlie')
  const { dendrite, target } = await httpCaller(world, 'btauth')
  const many = Array.from({ length: 6 }, (_, i) => dendrite.askOnce(target, asking(`http ${i}`), options))
  await until(() => world.axon.waiting === 5)
  const other = session.askOnce(asking('wss'), options)
  await until(() => world.axon.waiting === 6)
  go()
  await Promise.all([...many, other])
  expect(started.indexOf('wss')).toBeLessThanOrEqual(2)
})
