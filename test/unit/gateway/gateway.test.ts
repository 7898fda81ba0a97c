import { connect } from 'node:net'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { AnswerError } from '../../../src/axon/axonError.ts'
import { fromHex } from '../../../src/keys/hex.ts'
import { type AnswerProof, answerProofSchema } from '../../../src/wire/answerProof.ts'
import { noModel } from '../../../src/wire/receipt.ts'
import { verifyReceipt } from '../../../src/wire/verifyReceipt.ts'
import { doneEvent, fingerprint, stuckAfter, until, World } from './world.ts'

const world = new World()
afterEach(() => world.close())

const clientOf = ({ url }: { url: string }): OpenAI =>
  new OpenAI({ apiKey: 'unused', baseURL: `${url}/v1`, maxRetries: 0, timeout: 20_000 })

const question = 'What dose for 70 kg at 2 mg/kg?'
const messages = [{ role: 'user' as const, content: question }]

const proofIn = (body: object): AnswerProof => answerProofSchema.parse((body as { faculty?: unknown }).faculty)

const failureOf = async (asked: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> => {
  try {
    await asked
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error
    throw error
  }
  throw new Error('an answer came where an error was expected')
}

describe('a gateway, through the official OpenAI client', () => {
  it('lists the domains that reachable miners declare', async () => {
    const law = await world.miner({ uid: 1, incentive: 10, domains: ['law', 'finance'] })
    const medicine = await world.miner({ uid: 2, incentive: 10, domains: ['medicine', 'law'] })
    const gateway = await world.gateway(() => [law.neuron, medicine.neuron])
    const client = clientOf(gateway)
    const models = await client.models.list()
    expect(models.data.map(({ id }) => id)).toEqual(['finance', 'law', 'medicine'])
    expect((await client.models.retrieve('law')).id).toBe('law')
    expect((await failureOf(client.models.retrieve('poetry'))).status).toBe(404)
    expect(gateway.status().domains).toEqual([
      { domain: 'finance', miners: 1 },
      { domain: 'law', miners: 2 },
      { domain: 'medicine', miners: 1 },
    ])
  })

  it('names a few models to whoever asks for another one, however many the miners declare', async () => {
    const domains = Array.from({ length: 64 }, (_, i) => `domain-${10 + i}`)
    const miner = await world.miner({ uid: 1, incentive: 10, domains })
    const gateway = await world.gateway(() => [miner.neuron])
    await until(() => gateway.status().domains.length === 64, 'it knows the models')
    const client = clientOf(gateway)
    for (const asked of [client.models.retrieve('x'), client.chat.completions.create({ model: 'x', messages })]) {
      const { message } = await failureOf(asked)
      expect(message).toMatch(/the models are domain-10, .*domain-19 and 54 more, see GET \/v1\/models/)
    }
  })

  it('goes on where a neuron announces an address that is none', async () => {
    const law = await world.miner({ uid: 1, incentive: 10, domains: ['law'] })
    const odd = await world.miner({ uid: 2, incentive: 500, domains: ['medicine'] })
    const neuron = { ...odd.neuron, axon: { ...odd.neuron.axon!, ip: 1n << 40n, ipType: 4 as const } }
    const gateway = await world.gateway(() => [neuron, law.neuron])
    expect((await clientOf(gateway).models.list()).data.map(({ id }) => id)).toEqual(['law'])
  })

  it('answers from the miner with the highest incentive, with a receipt that anybody can check', async () => {
    const novice = await world.miner({ uid: 1, incentive: 10 })
    const expert = await world.miner({ uid: 2, incentive: 500 })
    const gateway = await world.gateway(() => [novice.neuron, expert.neuron])
    const { data, response } = await clientOf(gateway)
      .chat.completions.create({ model: 'medicine', messages, max_tokens: 20, seed: 5 })
      .withResponse()
    const text = `2: ${question}`
    expect(data.choices).toMatchObject([{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }])
    expect(data.usage).toEqual({ prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 })
    expect(response.headers.get('x-faculty-miner')).toBe(expert.neuron.hotkey)
    expect(response.headers.get('x-request-id')).toBe(data.id)
    const { receipt, miner, incentive, publicKey, settings } = proofIn(data)
    expect(miner).toEqual({ hotkey: expert.neuron.hotkey, uid: 2 })
    expect(incentive).toBe(500)
    expect(fromHex(publicKey)).toEqual(expert.key.publicKey)
    expect(settings).toEqual({ maxTokens: 20, temperature: 0, seed: 5 })
    const claims = { publicKey: expert.key.publicKey, request: { messages, ...settings }, answer: text }
    expect(verifyReceipt(receipt, claims)).toEqual({ ok: true })
    expect(novice.asked).toEqual([])
    expect(gateway.status().requests).toEqual({ ok: 1, failed: 0 })
  })

  it('streams pieces as they come, then the token counts and the receipt', async () => {
    const { neuron, key } = await world.miner({ uid: 4, incentive: 1 })
    const gateway = await world.gateway(() => [neuron])
    const { data: stream, response } = await clientOf(gateway)
      .chat.completions.create({ model: 'medicine', messages, stream: true, stream_options: { include_usage: true } })
      .withResponse()
    expect(response.headers.get('x-faculty-miner')).toBe(neuron.hotkey)
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    const pieces = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').filter((piece) => piece !== '')
    expect(pieces.join('')).toBe(`4: ${question}`)
    expect(pieces.length).toBeGreaterThan(1)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
    expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).at(-1)).toBe('stop')
    const last = chunks.at(-1)!
    expect(last.usage).toEqual({ prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 })
    const { receipt, settings } = proofIn(last)
    const claims = { publicKey: key.publicKey, request: { messages, ...settings }, answer: pieces.join('') }
    expect(verifyReceipt(receipt, claims)).toEqual({ ok: true })
    expect(chunks.filter((chunk) => 'faculty' in chunk)).toHaveLength(1)
  })

  it('puts the receipt in the last chunk and ends with [DONE], also without token counts', async () => {
    const { neuron } = await world.miner({ uid: 4, incentive: 1 })
    const { url } = await world.gateway(() => [neuron])
    const body = JSON.stringify({ model: 'medicine', messages, stream: true })
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = (await response.text()).split('\n\n').filter((event) => event !== '')
    expect(events.at(-1)).toBe('data: [DONE]')
    const last = JSON.parse(events.at(-2)!.slice('data: '.length))
    expect(last.choices[0].finish_reason).toBe('stop')
    expect(proofIn(last).miner.uid).toBe(4)
    expect(last.usage).toBeUndefined()
  })

  it('refuses a model that there is not, naming those that there are', async () => {
    const { neuron } = await world.miner({ uid: 1, incentive: 1, domains: ['law', 'finance'] })
    const client = clientOf(await world.gateway(() => [neuron]))
    const failure = await failureOf(client.chat.completions.create({ model: 'poetry', messages }))
    expect(failure).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      type: 'invalid_request_error',
    })
    expect(failure.message).toMatch(/poetry.*finance, law/)
  })

  it('names the wrong field of a request and asks nobody', async () => {
    const { neuron, asked } = await world.miner({ uid: 1, incentive: 1 })
    const gateway = await world.gateway(() => [neuron])
    const client = clientOf(gateway)
    const ask = client.chat.completions.create({ model: 'medicine', messages, n: 2 })
    expect(await failureOf(ask)).toMatchObject({ status: 400, param: 'n', type: 'invalid_request_error' })
    const notJson = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: '{' })
    expect(notJson.status).toBe(400)
    expect(asked).toEqual([])
  })

  it('says 503 and when to come back while no miner can be reached, of a known model or of any', async () => {
    const { neuron, axon } = await world.miner({ uid: 1, incentive: 1 })
    const gateway = await world.gateway(() => [neuron])
    await axon.close()
    await until(() => gateway.status().domains.length === 0, 'the gateway notices that the miner is gone')
    const failure = await failureOf(clientOf(gateway).chat.completions.create({ model: 'medicine', messages }))
    expect(failure).toMatchObject({ status: 503, code: 'no_miner' })
    expect(Number(failure.headers?.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('fail-over', () => {
  it('asks the next miner when the best one is dead, before the chain knows of it', async () => {
    const best = await world.miner({ uid: 1, incentive: 500 })
    const next = await world.miner({ uid: 2, incentive: 10 })
    const gateway = await world.gateway(() => [best.neuron, next.neuron])
    await best.axon.close()
    const client = clientOf(gateway)
    const completion = await client.chat.completions.create({ model: 'medicine', messages })
    expect(completion.choices[0]!.message.content).toBe(`2: ${question}`)
    expect(proofIn(completion).miner.uid).toBe(2)
  })

  it('asks the next miner when the best one fails, refuses or says nothing, streamed or not', async () => {
    const failing = await world.miner({
      uid: 1,
      incentive: 500,
      answer: () => {
        throw new Error('out of order')
      },
    })
    const busy = await world.miner({
      uid: 2,
      incentive: 400,
      answer: () => {
        throw new AnswerError('no room', { code: 'busy', retryAfterMs: 500 })
      },
    })
    const silent = await world.miner({ uid: 3, incentive: 300, answer: stuckAfter([]) })
    const good = await world.miner({ uid: 4, incentive: 0 })
    const neurons = [failing.neuron, busy.neuron, silent.neuron, good.neuron]
    const gateway = await world.gateway(() => neurons, { limits: { patienceMs: 1_500 } })
    const client = clientOf(gateway)
    const completion = await client.chat.completions.create({ model: 'medicine', messages })
    expect(proofIn(completion).miner.uid).toBe(4)
    expect([failing.asked, busy.asked, silent.asked].map(({ length }) => length)).toEqual([1, 1, 1])
    await until(() => silent.cancelled.length === 1, 'the silent miner is told')
    // They failed a moment ago, so the one that answered comes first now.
    const stream = await client.chat.completions.create({ model: 'medicine', messages, stream: true })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe(`4: ${question}`)
    expect([failing.asked, busy.asked, silent.asked].map(({ length }) => length)).toEqual([1, 1, 1])
    expect(gateway.status().requests).toEqual({ ok: 2, failed: 0 })
  })

  it('takes a plain answer from the next miner even when the first one broke off in the middle', async () => {
    const broken = await world.miner({
      uid: 1,
      incentive: 500,
      answer: async function* () {
        yield { type: 'text', text: 'It is ' }
        await new Promise((resolve) => setTimeout(resolve, 20))
        throw new Error('out of memory')
      },
    })
    const good = await world.miner({ uid: 2, incentive: 1 })
    const gateway = await world.gateway(() => [broken.neuron, good.neuron])
    const completion = await clientOf(gateway).chat.completions.create({ model: 'medicine', messages })
    expect(completion.choices[0]!.message.content).toBe(`2: ${question}`)
  })

  it('ends a stream with an error when its miner fails after the first text', async () => {
    const broken = await world.miner({
      uid: 1,
      incentive: 500,
      answer: async function* () {
        yield { type: 'text', text: 'It is ' }
        await new Promise((resolve) => setTimeout(resolve, 50))
        throw new Error('out of memory')
      },
    })
    const good = await world.miner({ uid: 2, incentive: 1 })
    const gateway = await world.gateway(() => [broken.neuron, good.neuron])
    const stream = await clientOf(gateway).chat.completions.create({ model: 'medicine', messages, stream: true })
    let text = ''
    const failure = await failureOf(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
      })(),
    )
    expect(text).toBe('It is ')
    expect(failure.message).toMatch(/failed to answer/)
    expect(failure.message).not.toMatch(/memory/)
    expect(good.asked).toEqual([])
    expect(gateway.status().requests).toEqual({ ok: 0, failed: 1 })
  })

  it('says why when every miner fails', async () => {
    const busy = await world.miner({
      uid: 1,
      incentive: 1,
      answer: () => {
        throw new AnswerError('no room', { code: 'busy', retryAfterMs: 2_500 })
      },
    })
    const tooLong = await world.miner({
      uid: 2,
      incentive: 1,
      domains: ['law'],
      answer: () => {
        throw new AnswerError('the prompt has 900 tokens and the model takes 512', { code: 'bad-request' })
      },
    })
    const silent = await world.miner({ uid: 3, incentive: 1, domains: ['finance'], answer: stuckAfter([]) })
    const neurons = [busy.neuron, tooLong.neuron, silent.neuron]
    const gateway = await world.gateway(() => neurons, { limits: { timeoutMs: 2_000 } })
    const client = clientOf(gateway)
    const ask = (model: string) => failureOf(client.chat.completions.create({ model, messages }))
    const refused = await ask('medicine')
    expect(refused).toMatchObject({ status: 503, code: 'busy' })
    expect(refused.headers?.get('retry-after')).toBe('3')
    expect(await ask('law')).toMatchObject({ status: 400, param: 'messages', message: expect.stringMatching(/512/) })
    expect(await ask('finance')).toMatchObject({ status: 504, code: 'timeout' })
  })
})

describe('a client that leaves', () => {
  it('counts a miner’s answer as owed until it is given, and no longer', async () => {
    const miners = [await world.miner({ uid: 1, incentive: 5 }), await world.miner({ uid: 2, incentive: 5 })]
    const gateway = await world.gateway(() => miners.map(({ neuron }) => neuron))
    const { completions } = clientOf(gateway).chat
    await completions.create({ model: 'medicine', messages })
    for await (const _ of await completions.create({ model: 'medicine', messages, stream: true }));
    await completions.create({ model: 'medicine', messages })
    // Of equals the one with less to do is asked, then the lower uid.
    expect(miners.map(({ asked }) => asked.length)).toEqual([3, 0])
  })

  it('cancels a streamed ask', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1, answer: stuckAfter(['It ', 'is ']) })
    const gateway = await world.gateway(() => [miner.neuron])
    const stream = await clientOf(gateway).chat.completions.create({ model: 'medicine', messages, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'It is ') break
    await until(() => miner.cancelled.length === 1, 'the miner is told')
    expect(gateway.status().requests).toEqual({ ok: 0, failed: 0 })
  })

  it('cancels a plain ask', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1, answer: stuckAfter(['It ']) })
    const gateway = await world.gateway(() => [miner.neuron])
    const leave = new AbortController()
    const asked = clientOf(gateway).chat.completions.create({ model: 'medicine', messages }, { signal: leave.signal })
    const outcome = expect(asked).rejects.toThrow(OpenAI.APIUserAbortError)
    await until(() => miner.asked.length === 1, 'the miner is asked')
    leave.abort()
    await outcome
    await until(() => miner.cancelled.length === 1, 'the miner is told')
    expect(gateway.status().requests).toEqual({ ok: 0, failed: 0 })
  })
})

describe('limits', () => {
  it('refuses a body or a header that is too long, and a request more than it runs at one time', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1, answer: stuckAfter(['It ']) })
    const limits = { maxBodyBytes: 2_000, maxHeaderBytes: 4_096, maxRunning: 1 }
    const { url } = await world.gateway(() => [miner.neuron], { limits })
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers })
    expect((await post('x'.repeat(3_000))).status).toBe(413)
    expect((await post('{}', { 'x-long': 'x'.repeat(5_000) })).status).toBe(431)
    const body = JSON.stringify({ model: 'medicine', messages, stream: true })
    const running = await post(body)
    const refused = await post(body)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ error: { code: 'overloaded' } })
    await running.body?.cancel()
  })

  it('does not let one request that no miner may take cost the session with them', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1 })
    const gateway = await world.gateway(() => [miner.neuron], { limits: { maxBodyBytes: 1024 * 1024 } })
    const client = clientOf(gateway)
    const long = [{ role: 'user' as const, content: 'x'.repeat(300 * 1024) }]
    const failure = await failureOf(client.chat.completions.create({ model: 'medicine', messages: long }))
    expect(failure).toMatchObject({ status: 400, param: 'messages' })
    const completion = await client.chat.completions.create({ model: 'medicine', messages })
    expect(completion.choices[0]!.message.content).toBe(`1: ${question}`)
    expect(miner.axon.sessions).toBe(1)
  })

  it('stands peers that speak no HTTP, and answers other paths in the form of OpenAI', async () => {
    const gateway = await world.gateway(() => [])
    const socket = connect(gateway.port, '127.0.0.1').resume()
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.end('\u0016\u0003\u0001 not HTTP\r\n\r\n')
    await new Promise((resolve) => socket.once('close', resolve))
    const elsewhere = await fetch(`${gateway.url}/v1/embeddings`, { method: 'POST', body: '{}' })
    expect(elsewhere.status).toBe(404)
    expect(await elsewhere.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(await (await fetch(`${gateway.url}/healthz`)).json()).toEqual({ ok: true })
  })
})

describe('what the gateway knows of the subnet', () => {
  it('follows the chain: new miners, new incentives, moved axons, and those that are gone', async () => {
    const first = await world.miner({ uid: 1, incentive: 100 })
    let neurons = [first.neuron]
    const client = clientOf(await world.gateway(() => neurons))
    const ask = async (): Promise<number> =>
      proofIn(await client.chat.completions.create({ model: 'medicine', messages })).miner.uid
    const untilAsked = async (uid: number): Promise<void> => {
      for (let tries = 0; (await ask()) !== uid; tries++) {
        if (tries > 200) throw new Error(`miner ${uid} is never asked`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    expect(await ask()).toBe(1)
    const second = await world.miner({ uid: 2, incentive: 200 })
    neurons = [first.neuron, second.neuron]
    await untilAsked(2)
    neurons = [first.neuron, { ...second.neuron, incentive: 50 }]
    await untilAsked(1)
    // The same hotkey comes up elsewhere under another key.
    await first.axon.close()
    const moved = await world.miner({ uid: 1, incentive: 100, answer: () => words('moved') })
    neurons = [moved.neuron, second.neuron]
    await until(() => moved.axon.sessions === 1, 'the moved axon is found')
    neurons = [moved.neuron]
    await until(() => second.axon.sessions === 0, 'the session with the one that is gone is closed')
    await untilAsked(1)
    expect(moved.asked.length).toBeGreaterThan(0)
  })

  it('asks a miner that names a model while none is scored, says so, and takes nobody’s word for it later', async () => {
    const domains = ['medicine', 'law']
    const bare = await world.miner({ uid: 1, incentive: 0, domains, modelDomains: ['law'] })
    const model = await world.miner({ uid: 2, incentive: 0, domains })
    let neurons = [bare.neuron, model.neuron]
    const client = clientOf(await world.gateway(() => neurons))
    const ask = async (domain: string): Promise<AnswerProof> =>
      proofIn(await client.chat.completions.create({ model: domain, messages }))
    const first = await ask('medicine')
    expect(first).toMatchObject({ miner: { uid: 2 }, incentive: 0, receipt: { modelFingerprint: fingerprint } })
    expect(await ask('law')).toMatchObject({ miner: { uid: 1 }, incentive: 0 })
    neurons = [{ ...bare.neuron, incentive: 5 }, model.neuron]
    for (let tries = 0; (await ask('medicine')).miner.uid !== 1; tries++) {
      if (tries > 200) throw new Error('the scored miner is never asked')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await ask('medicine')).toMatchObject({ incentive: 5, receipt: { modelFingerprint: noModel } })
  })

  it('serves on when the chain is lost, and says so in its own time', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1 })
    let reads = 0
    let isLost = false
    const client = clientOf(
      await world.gateway(() => {
        reads++
        if (isLost) throw new Error('connection refused')
        return [miner.neuron]
      }),
    )
    isLost = true
    const readsBefore = reads
    await until(() => reads > readsBefore + 2, 'it tries again')
    const completion = await client.chat.completions.create({ model: 'medicine', messages })
    expect(proofIn(completion).miner.uid).toBe(1)
  })

  it('finds a miner that comes back', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1 })
    const gateway = await world.gateway(() => [miner.neuron])
    await miner.axon.close()
    await until(() => gateway.status().domains.length === 0, 'it is missed')
    await world.miner({ uid: 1, incentive: 1, port: miner.axon.port, key: miner.key, answer: () => words('back') })
    await until(() => gateway.status().domains.length === 1, 'it is found again')
    const completion = await clientOf(gateway).chat.completions.create({ model: 'medicine', messages })
    expect(completion.choices[0]!.message.content).toBe('back')
  })

  it('leaves out neurons that it cannot speak to', async () => {
    const { neuron } = await world.miner({ uid: 1, incentive: 1 })
    const odd = { ...neuron, uid: 2, hotkey: neuron.hotkey.replace(/.$/, 'x') as typeof neuron.hotkey }
    const gateway = await world.gateway(() => [
      neuron,
      { ...odd, axon: undefined },
      { ...odd, certificate: undefined },
      { ...odd, certificate: { algorithm: 2, publicKey: new Uint8Array(32) } },
      { ...odd, certificate: { algorithm: 1, publicKey: new Uint8Array(32) } },
    ])
    expect(gateway.status().domains).toEqual([{ domain: 'medicine', miners: 1 }])
  })

  it('does not start under a hotkey that miners would turn away', async () => {
    const start = world.gateway(() => [], { readNeurons: async () => [] })
    await expect(start).rejects.toMatchObject({ failure: { code: 'not-registered', netuid: 3 } })
  })

  it('says which port it cannot have', async () => {
    const { port } = await world.gateway(() => [])
    await expect(world.gateway(() => [], { port })).rejects.toMatchObject({ failure: { code: 'cannot-listen', port } })
  })
})

async function* words(text: string): AsyncGenerator<ReturnType<typeof doneEvent> | { type: 'text'; text: string }> {
  yield { type: 'text', text }
  yield doneEvent(text)
}
