import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { Engine, EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import { type OpenAiOptions, openOpenAiEngine } from '../../../src/engine/openai.ts'
import {
  type Dialect,
  dialects,
  type InferenceServer,
  type json,
  model,
  says,
  startInferenceServer,
} from './inferenceServer.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(dialect?: Dialect): Promise<InferenceServer> {
  const server = await startInferenceServer(dialect)
  closers.push(() => server.close())
  return server
}

async function open(servers: readonly InferenceServer[], more: Partial<OpenAiOptions> = {}): Promise<Engine> {
  const engine = await openOpenAiEngine({ urls: servers.map(({ url }) => url), model, pauseMs: () => 1, ...more })
  closers.push(() => engine.close())
  return engine
}

const request: GenerateRequest = { messages: [{ role: 'user', content: 'Is it?' }], maxTokens: 20, temperature: 0 }

async function collect(events: AsyncIterable<EngineEvent>) {
  let text = ''
  for await (const event of events) {
    if (event.type === 'text') text += event.text
    if (event.type === 'done') return { text, ...event }
  }
  throw new Error('no done')
}

async function failureOf(events: AsyncIterable<EngineEvent>): Promise<{ text: string; error: unknown }> {
  let text = ''
  try {
    for await (const event of events) if (event.type === 'text') text += event.text
  } catch (error) {
    return { text, error }
  }
  throw new Error('it did not fail')
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error('it never came true')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.each(Object.entries(dialects))('the dialect of %s', (_name, dialect) => {
  it('is understood: text, reason, usage, context', async () => {
    const server = await serve(dialect)
    const engine = await open([server])
    expect(engine.model).toMatchObject({ name: model, contextTokens: 4096, device: server.url.host })
    expect(await collect(engine.generate(request))).toMatchObject({
      text: 'Yes, it is.',
      reason: 'stop',
      promptTokens: 3,
      completionTokens: 3,
    })
    server.reason = 'length'
    expect((await collect(engine.generate(request))).reason).toBe('length')
  })

  it('hides a stop string, and all behind it, whether the server does or not', async () => {
    const server = await serve(dialect)
    const engine = await open([server])
    server.pieces = ['Yes.', ' E', 'ND and', ' more']
    const got = await collect(engine.generate({ ...request, stop: ['END'] }))
    expect(got).toMatchObject({ text: 'Yes. ', reason: 'stop' })
    expect(server.asked[0]!.body!.stop).toEqual(['END'])
  })
})

describe('a request', () => {
  it('says what it asks for, and the key', async () => {
    const server = await serve()
    const engine = await open([server], { key: 'sk-secret' })
    await collect(engine.generate({ ...request, topP: 0.9, topK: 5, minP: 0.1, seed: 7, stop: ['x'] }))
    const [asked] = server.asked
    expect(asked).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-secret' })
    expect(asked!.body).toEqual({
      model,
      messages: request.messages,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_tokens: 20,
      top_p: 0.9,
      top_k: 5,
      min_p: 0.1,
      seed: 7,
      stop: ['x'],
      logprobs: true,
    })
  })

  it('leaves out what changes nothing, which some servers refuse', async () => {
    const server = await serve()
    await collect((await open([server])).generate({ ...request, topP: 1, minP: 0, stop: [] }))
    expect(Object.keys(server.asked[0]!.body!).sort()).toEqual(
      ['logprobs', 'max_tokens', 'messages', 'model', 'stream', 'stream_options', 'temperature'].sort(),
    )
  })

  it('is refused here where no model could take it', async () => {
    const server = await serve()
    const { error } = await failureOf((await open([server])).generate({ ...request, maxTokens: 0 }))
    expect(error).toMatchObject({ failure: { code: 'bad-request', field: 'maxTokens' } })
    expect(server.asked).toEqual([])
  })
})

describe('an answer', () => {
  it('has the mean probability as confidence where the server gives log-probabilities', async () => {
    const [with_, without] = [await serve(dialects.vllm), await serve(dialects.sglang)]
    expect((await collect((await open([with_])).generate(request))).confidence).toBeCloseTo(0.5, 12)
    expect((await collect((await open([without])).generate(request))).confidence).toBe(undefined)
  })

  it('is traced over its texts, however it is cut', async () => {
    const server = await serve()
    const engine = await open([server])
    const u32 = (value: number): Buffer => Buffer.from([value, 0, 0, 0])
    const sized = (text: string): Buffer => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)])
    const wanted = createHash('sha256')
      .update(Buffer.concat([Buffer.from('faculty-text-trace/1\0'), u32(1), sized('user'), sized('Is it?')]))
      .update('Yes 👍.')
      .digest('hex')
    for (const pieces of [['Yes 👍.'], ['Y', 'es \ud83d', '\udc4d', '.']]) {
      server.pieces = pieces
      const got = await collect(engine.generate(request))
      expect(got).toMatchObject({ text: 'Yes 👍.', traceHash: wanted })
    }
  })

  it('that a server without log-probabilities refuses is asked for without them, once and for all', async () => {
    const server = await serve()
    const engine = await open([server])
    server.next.push(says(400, 'logprobs is not supported'))
    expect((await collect(engine.generate(request))).text).toBe('Yes, it is.')
    await collect(engine.generate(request))
    expect(server.asked.map(({ body }) => body!.logprobs)).toEqual([true, undefined, undefined])
  })

  it('whose limit goes past the context is left to the server; a prompt that does is refused', async () => {
    const server = await serve()
    const engine = await open([server])
    const refusal = says(400, "'max_tokens' is too large: 5000. This model's maximum context length is 4096 tokens")
    server.next.push(refusal)
    expect((await collect(engine.generate({ ...request, maxTokens: 5000 }))).text).toBe('Yes, it is.')
    expect(server.asked.map(({ body }) => body!.max_tokens)).toEqual([5000, undefined])
    server.next.push(refusal, refusal)
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({ failure: { code: 'too-long', contextTokens: 4096 } })
  })
})

describe('a failure', () => {
  it.each([
    [400, { code: 'bad-request', value: 400 }],
    [422, { code: 'bad-request', value: 422 }],
    [401, { code: 'upstream', status: 401 }],
    [403, { code: 'upstream', status: 403 }],
    [404, { code: 'upstream', status: 404 }],
    [302, { code: 'upstream', status: 302 }],
    [451, { code: 'upstream', status: 451 }],
  ])('by status %i is not asked again at the same server', async (status, failure) => {
    const server = await serve()
    const engine = await open([server])
    server.next.push(says(status, 'because'))
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({ failure, message: expect.stringContaining('because') })
    expect(server.asked.length).toBe(1)
  })

  it.each([408, 429, 500, 503])('by status %i is tried again', async (status) => {
    const server = await serve()
    const engine = await open([server])
    server.next.push(says(status))
    expect((await collect(engine.generate(request))).text).toBe('Yes, it is.')
    expect(server.asked.length).toBe(2)
  })

  it('that lasts is told after three attempts, with the mend', async () => {
    const server = await serve()
    const engine = await open([server])
    server.next.push(says(429), says(429), says(429))
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({
      failure: { code: 'upstream', status: 429 },
      mend: expect.stringContaining('--upstream'),
    })
    expect(server.asked.length).toBe(3)
  })

  it('with Retry-After is tried again no earlier; not at all where that is long', async () => {
    const server = await serve()
    const engine = await open([server])
    server.next.push(says(503, 'loading', { 'retry-after': '1' }))
    const start = performance.now()
    await collect(engine.generate(request))
    expect(performance.now() - start).toBeGreaterThan(990)
    server.next.push(says(503, 'loading', { 'retry-after': '3600' }))
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({ failure: { status: 503, retryAfterMs: 3_600_000 } })
    expect(server.asked.length).toBe(3)
  })

  it('before the first piece is tried again, behind it never', async () => {
    const server = await serve()
    const engine = await open([server])
    const all = dialects.vllm.stream(['Yes', ', it', ' is.'], 'stop')
    let held: Parameters<typeof json>[0] | undefined
    const begin =
      (events: number) =>
      (response: Parameters<typeof json>[0]): void => {
        held = response
        response.writeHead(200).write(all.slice(0, events).join(''))
      }
    // The role's chunk is no piece yet.
    server.next.push(begin(2))
    const first = collect(engine.generate(request))
    await until(() => held !== undefined)
    held!.destroy()
    expect((await first).text).toBe('Yes, it is.')
    server.next.push(begin(3))
    const { text, error } = await failureOf(
      (async function* () {
        for await (const event of engine.generate(request)) {
          yield event
          held!.destroy()
        }
      })(),
    )
    expect(text).toBe('Yes')
    expect(error).toMatchObject({ failure: { code: 'upstream' }, message: expect.stringContaining('broke off') })
    expect(server.asked.length).toBe(3)
  })

  it.each([
    ['an end without a reason', [': nothing\n\n'], /broke off in the middle/],
    ['what is no JSON', ['data: {"choices": [\n\n'], /no chunk of an answer/],
    ['a choice of another shape', ['data: {"choices": [{"delta": {"content": 5}}]}\n\n'], /no chunk of an answer/],
    ['an error of vLLM', ['data: {"error": {"message": "engine dead", "code": 500}}\n\n'], /engine dead/],
    ['an error of an older vLLM', ['data: {"object": "error", "message": "engine dead"}\n\n'], /engine dead/],
    ['an error of TGI', ['data:{"error":"out of memory","error_type":"generation"}\n\n'], /out of memory/],
    ['an answer called off', ['data: {"choices":[{"delta":{},"finish_reason":"abort"}]}\n\n'], /"abort"/],
    ['no usage', ['data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'], /how many tokens/],
    ['a page', ['<html>\n\nWelcome</html>'], /broke off/],
  ])('in the stream is told: %s', async (_name, events, message) => {
    const server = await serve()
    const engine = await open([server])
    const reply = (response: Parameters<typeof json>[0]): void => void response.writeHead(200).end(events.join(''))
    server.next.push(reply, reply, reply)
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({ failure: { code: 'upstream' }, message: expect.stringMatching(message) })
  })

  it('by silence is a time-out and not tried again: the server may be at work on it', async () => {
    const server = await serve()
    const engine = await open([server], { limits: { firstByteMs: 200, silenceMs: 200 } })
    server.next.push(() => undefined)
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({ failure: { code: 'timeout', afterMs: 200 } })
    server.next.push((response) => {
      response.writeHead(200).write(dialects.vllm.stream(['Yes'], 'stop').slice(0, 3).join(''))
    })
    const broken = await failureOf(engine.generate(request))
    expect(broken).toMatchObject({ text: 'Yes', error: { failure: { code: 'timeout', afterMs: 200 } } })
    expect(server.asked.length).toBe(2)
  })
})

describe('a caller', () => {
  it('who goes away in the middle, or before, ends the request at the server', async () => {
    const server = await serve()
    const engine = await open([server])
    let closed = 0
    const hang = (response: Parameters<typeof json>[0]): void => {
      response.on('close', () => closed++)
      response.writeHead(200).write(dialects.vllm.stream(['Yes'], 'stop').slice(0, 3).join(''))
    }
    server.next.push(hang, hang)
    const leaving = new AbortController()
    const { error } = await failureOf(
      (async function* () {
        for await (const event of engine.generate(request, leaving.signal)) {
          yield event
          leaving.abort()
        }
      })(),
    )
    expect(error).toMatchObject({ name: 'AbortError' })
    for await (const _event of engine.generate(request)) break
    await until(() => closed === 2)
    const { error: early } = await failureOf(engine.generate(request, AbortSignal.abort()))
    expect(early).toMatchObject({ name: 'AbortError' })
    expect(server.asked.length).toBe(2)
  })

  it('does not wait out a pause between attempts that is no longer wanted', async () => {
    const server = await serve()
    const engine = await open([server])
    server.next.push(says(503, 'loading', { 'retry-after': '4' }))
    const start = performance.now()
    const { error } = await failureOf(engine.generate(request, AbortSignal.timeout(100)))
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(performance.now() - start).toBeLessThan(3_500)
  })

  it('of a closed engine is told so', async () => {
    const server = await serve()
    const engine = await open([server])
    server.next.push((response) => void response.writeHead(200).flushHeaders())
    const failing = failureOf(engine.generate(request))
    await until(() => server.asked.length === 1)
    await engine.close()
    expect(await failing).toMatchObject({ error: { failure: { code: 'closed' } } })
    expect(await failureOf(engine.generate(request))).toMatchObject({ error: { failure: { code: 'closed' } } })
  })
})

describe('the start', () => {
  it('refuses a server of another model and names what it serves', async () => {
    const [right, wrong] = [await serve(), await serve(dialects.llamacpp)]
    wrong.model = 'other-3b'
    const error = await open([right, wrong]).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      failure: { code: 'wrong-model', wanted: model, served: ['other-3b'], url: `${wrong.url.origin}/v1` },
      message: expect.stringContaining('it serves other-3b'),
    })
  })

  it('asks for the context where no server tells it', async () => {
    const silent: Dialect = { ...dialects.vllm, models: (id) => ({ data: [{ id }] }) }
    const server = await serve(silent)
    await expect(open([server])).rejects.toMatchObject({ mend: expect.stringContaining('--upstream.context') })
    expect((await open([server], { contextTokens: 99 })).model.contextTokens).toBe(99)
  })

  it('says what is wrong with an address', async () => {
    const server = await serve()
    await expect(open([{ ...server, url: new URL('/v2', server.url) }])).rejects.toMatchObject({
      failure: { code: 'upstream', status: 404 },
      mend: expect.stringContaining('OpenAI-compatible'),
    })
    server.modelsStatus = 401
    await expect(open([server])).rejects.toMatchObject({ mend: expect.stringContaining('FACULTY_UPSTREAM_KEY') })
    await server.close()
    await expect(open([server])).rejects.toMatchObject({ mend: expect.stringContaining('see whether it runs there') })
  })

  it('has one fingerprint for a model, wherever its servers are', async () => {
    const [a, b] = [await serve(), await serve(dialects.tgi)]
    const [one, other] = [await open([a]), await open([b])]
    expect(one.model.fingerprint).toBe(other.model.fingerprint)
    expect(one.model.fingerprint).toBe(createHash('sha256').update(`faculty-remote-model/1\n${model}`).digest('hex'))
  })
})

describe('several servers', () => {
  it('share the requests by how busy they are', async () => {
    const servers = [await serve(), await serve(), await serve()]
    const engine = await open(servers)
    const held: (() => void)[] = []
    for (const server of servers) {
      for (let i = 0; i < 4; i++) {
        server.next.push((response) => {
          held.push(() => void response.writeHead(200).end(dialects.vllm.stream(['Yes'], 'stop').join('')))
        })
      }
    }
    const all = Array.from({ length: 12 }, () => collect(engine.generate(request)))
    await until(() => held.length === 12)
    expect(servers.map(({ asked }) => asked.length)).toEqual([4, 4, 4])
    for (const release of held) release()
    expect((await Promise.all(all)).every(({ text }) => text === 'Yes')).toBe(true)
  })

  it('lose one and find it again, and no request with it', async () => {
    const [steady, shaky] = [await serve(), await serve(dialects.sglang)]
    const notes: string[] = []
    const engine = await open([steady, shaky], { checkMs: 50, onNote: (line) => notes.push(line) })
    shaky.modelsStatus = 503
    await until(() => notes.some((line) => line.includes('is not asked for now')))
    const before = shaky.asked.length
    for (let i = 0; i < 10; i++) expect((await collect(engine.generate(request))).text).toBe('Yes, it is.')
    expect(shaky.asked.length).toBe(before)
    shaky.modelsStatus = undefined
    // Half-open after the next check; an answer closes the circuit.
    for (const end = Date.now() + 10_000; !notes.some((line) => line.includes('answers again')); ) {
      if (Date.now() > end) throw new Error(notes.join('\n'))
      await Promise.all([collect(engine.generate(request)), collect(engine.generate(request))])
    }
    expect(shaky.asked.length).toBeGreaterThan(before)
  })

  it('that are down to one on trial keep the others waiting for how it ends', async () => {
    const server = await serve()
    const notes: string[] = []
    const engine = await open([server], { checkMs: 50, onNote: (line) => notes.push(line) })
    server.next.push(says(503), says(503), says(503))
    await failureOf(engine.generate(request))
    await until(() => notes.length === 1)
    let release: (() => void) | undefined
    server.next.push((response) => {
      release = () => void response.writeHead(200).end(dialects.vllm.stream(['Yes'], 'stop').join(''))
    })
    // Until the check has been, nobody is asked.
    let first = collect(engine.generate(request)).catch(() => undefined)
    for (const end = Date.now() + 10_000; release === undefined && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      if ((await Promise.race([first, Promise.resolve('runs')])) !== 'runs') {
        first = collect(engine.generate(request)).catch(() => undefined)
      }
    }
    const others = [collect(engine.generate(request)), collect(engine.generate(request))]
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(server.asked.length).toBe(4)
    release!()
    expect((await first)!.text).toBe('Yes')
    expect((await Promise.all(others)).map(({ text }) => text)).toEqual(['Yes, it is.', 'Yes, it is.'])
  })

  it('go on without one whose model was exchanged', async () => {
    const [steady, other] = [await serve(), await serve()]
    const notes: string[] = []
    const engine = await open([steady, other], { checkMs: 50, onNote: (line) => notes.push(line) })
    other.model = 'other-3b'
    await until(() => notes.some((line) => line.includes('it serves base, other-3b')))
    const before = other.asked.length
    for (let i = 0; i < 6; i++) await collect(engine.generate(request))
    expect(other.asked.length).toBe(before)
  })

  it('start with those that answer', async () => {
    const [up, down] = [await serve(), await serve()]
    await down.close()
    const notes: string[] = []
    const engine = await open([up, down], { onNote: (line) => notes.push(line) })
    expect(notes).toEqual([expect.stringContaining('ECONNREFUSED')])
    for (let i = 0; i < 4; i++) await collect(engine.generate(request))
    expect(up.asked.length).toBe(4)
  })

  it('take over at once what one of them refuses', async () => {
    const [a, b] = [await serve(), await serve()]
    const engine = await open([a, b])
    a.next.push(says(401))
    b.next.push(says(401))
    const { error } = await failureOf(engine.generate(request))
    expect(error).toMatchObject({ failure: { status: 401 } })
    expect([a.asked.length, b.asked.length]).toEqual([1, 1])
  })
})
