import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { type AskEvent, type Client, ClientError, createClient, verifyAnswer } from '../../../src/client/client.ts'
import { stuckAfter, until, World } from '../gateway/world.ts'

const world = new World()
const servers: Server[] = []
afterEach(async () => {
  await world.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

const question = 'May a minor sell a car?'

/** Something at an address that is not a gateway, or a bad one. */
async function impostor(listener: RequestListener): Promise<Client> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

/** A client of a real gateway, whose replies pass through `change` first. */
async function tampered(change: (body: string) => string): Promise<Client> {
  const { neuron } = await world.miner({ uid: 1, incentive: 1, domains: ['law'] })
  const { url } = await world.gateway(() => [neuron])
  return createClient({
    baseUrl: url,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      return new Response(change(await response.text()), response)
    },
  })
}

async function failureOf(asked: Promise<unknown>): Promise<ClientError> {
  try {
    await asked
  } catch (error) {
    if (error instanceof ClientError) return error
    throw error
  }
  throw new Error('an answer came where an error was expected')
}

async function eventsOf(stream: AsyncIterable<AskEvent>): Promise<AskEvent[]> {
  const events: AskEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

describe('the client of a gateway', () => {
  it('lists models, asks, and gives an answer whose receipt fits', async () => {
    const { neuron, key } = await world.miner({ uid: 1, incentive: 1, domains: ['law'] })
    const { url } = await world.gateway(() => [neuron])
    for (const baseUrl of [url, `${url}/`, `${url}/v1`]) {
      const client = createClient({ baseUrl })
      expect(await client.models()).toEqual(['law'])
      const answer = await client.ask({ domain: 'law', question, maxTokens: 30, stop: ['\n'] })
      expect(answer).toMatchObject({
        text: `1: ${question}`,
        reason: 'stop',
        promptTokens: 7,
        completionTokens: 7,
        miner: { uid: 1, hotkey: neuron.hotkey },
        request: { messages: [{ role: 'user', content: question }], maxTokens: 30, temperature: 0, stop: ['\n'] },
      })
      expect(answer.receipt.domain).toBe('law')
      expect(verifyAnswer(answer, key.publicKey)).toEqual({ ok: true })
      const stranger = await world.miner({ uid: 2, incentive: 0 })
      expect(verifyAnswer(answer, stranger.key.publicKey)).toMatchObject({ ok: false, part: 'signature' })
      await stranger.axon.close()
    }
  })

  it('streams, with every setting and several messages', async () => {
    const { neuron } = await world.miner({ uid: 1, incentive: 1, domains: ['law'] })
    const client = createClient({ baseUrl: (await world.gateway(() => [neuron])).url })
    const settings = { maxTokens: 9, temperature: 0.5, topP: 0.9, topK: 4, minP: 0.05, seed: 3, stop: ['Q:'] }
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      { role: 'user' as const, content: question },
    ]
    const events = await eventsOf(client.askStream({ domain: 'law', messages, ...settings }))
    const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('')
    expect(text).toBe(`1: ${question}`)
    expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(1)
    expect(events.at(-1)).toMatchObject({ type: 'done', answer: { text, request: { messages, ...settings } } })
  })

  it('wants a question or messages, and not both', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' })
    await expect(client.ask({ domain: 'law' })).rejects.toThrow(InputError)
    const both = { domain: 'law', question, messages: [{ role: 'user' as const, content: question }] }
    await expect(client.ask(both)).rejects.toThrow(InputError)
  })
})

describe('what the client says when it goes wrong', () => {
  it('names an address where nobody answers', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' })
    expect((await failureOf(client.ask({ domain: 'law', question }))).failure.code).toBe('unreachable')
    expect((await failureOf(client.models())).explanation).toMatch(/127\.0\.0\.1:1.*faculty gateway run/)
  })

  it('hands on why the gateway refuses', async () => {
    const { neuron } = await world.miner({ uid: 1, incentive: 1, domains: ['law'] })
    const client = createClient({ baseUrl: (await world.gateway(() => [neuron])).url })
    const unknown = await failureOf(client.ask({ domain: 'poetry', question }))
    expect(unknown.failure).toMatchObject({ code: 'refused', status: 404, reason: 'model_not_found', param: 'model' })
    expect(unknown.message).toMatch(/the models are law/)
    const hot = await failureOf(eventsOf(client.askStream({ domain: 'law', question, temperature: 9 })))
    expect(hot.failure).toMatchObject({ code: 'refused', status: 400, param: 'temperature' })
    const none = await failureOf(
      createClient({ baseUrl: (await world.gateway(() => [])).url }).ask({ domain: 'law', question }),
    )
    expect(none.failure).toMatchObject({ code: 'refused', status: 503, retryAfterMs: 2_000 })
  })

  it('tells an impostor by its replies', async () => {
    const page = await impostor((_request, response) => response.end('<html>hello</html>'))
    expect((await failureOf(page.ask({ domain: 'law', question }))).failure).toEqual({
      code: 'bad-reply',
      field: 'body',
    })
    const other = await impostor((_request, response) =>
      response.end(
        '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
      ),
    )
    expect((await failureOf(other.ask({ domain: 'law', question }))).failure).toEqual({
      code: 'bad-reply',
      field: 'faculty',
    })
    const odd = await impostor((_request, response) => response.end('data: {"choices":5}\n\n'))
    expect((await failureOf(eventsOf(odd.askStream({ domain: 'law', question })))).failure.code).toBe('bad-reply')
    const portal = await impostor((_request, response) => response.end('<html>no</html>'))
    expect((await failureOf(portal.models())).failure).toEqual({ code: 'bad-reply', field: 'body' })
    const html = await impostor((_request, response) => response.writeHead(500).end('<html>no</html>'))
    expect((await failureOf(html.models())).failure).toMatchObject({ code: 'refused', status: 500 })
  })

  it('gives up on an impostor that does not end, long before it has all', async () => {
    let sent = 0
    const endless = (line: string): Promise<Client> =>
      impostor((_request, response) => {
        const most = sent + 500
        const write = (): void => {
          for (let isFree = true; isFree && !response.destroyed && sent < most; sent++) isFree = response.write(line)
        }
        response.on('drain', write)
        write()
      })
    const noise = await endless('x'.repeat(65_536))
    const piece = JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(65_536) } }] })
    const chatter = await endless(`data: ${piece}\n\n`)
    const asked = { domain: 'law', question }
    for (const attempt of [noise.models(), noise.ask(asked), eventsOf(noise.askStream(asked))]) {
      expect((await failureOf(attempt)).failure.code).toBe('bad-reply')
    }
    const failure = await failureOf(eventsOf(chatter.askStream(asked)))
    expect(failure.failure).toEqual({ code: 'bad-reply', field: 'choices.delta.content' })
  })

  it('keeps what had come when a stream breaks off', async () => {
    const cut = await impostor((_request, response) => {
      response.write('data: {"choices":[{"delta":{"content":"It is"}}]}\r\n\r\n')
      setTimeout(() => response.destroy(), 50)
    })
    expect((await failureOf(eventsOf(cut.askStream({ domain: 'law', question })))).failure).toEqual({
      code: 'interrupted',
      text: 'It is',
    })
    const ended = await impostor((_request, response) =>
      response.end('data: {"choices":[{"delta":{"content":"It"}}]}\n\ndata: [DONE]\n\n'),
    )
    expect((await failureOf(eventsOf(ended.askStream({ domain: 'law', question })))).failure).toEqual({
      code: 'interrupted',
      text: 'It',
    })
    const failed = await impostor((_request, response) =>
      response.end('data: {"choices":[{"delta":{"content":"It"}}]}\n\ndata: {"error":{"message":"out of order"}}\n\n'),
    )
    const failure = await failureOf(eventsOf(failed.askStream({ domain: 'law', question })))
    expect(failure.message).toMatch(/out of order/)
  })

  it('cancels when told to, and when its reader leaves', async () => {
    const miner = await world.miner({ uid: 1, incentive: 1, domains: ['law'], answer: stuckAfter(['It ', 'is ']) })
    const client = createClient({ baseUrl: (await world.gateway(() => [miner.neuron])).url })
    const leave = new AbortController()
    const asked = failureOf(client.ask({ domain: 'law', question, signal: leave.signal }))
    await until(() => miner.asked.length === 1, 'the miner is asked')
    leave.abort()
    expect((await asked).failure.code).toBe('cancelled')
    for await (const _ of client.askStream({ domain: 'law', question })) break
    await until(() => miner.cancelled.length === 2, 'the miner is told both times')
  })

  it('gives no answer out whose text, counts or settings are not those of the receipt', async () => {
    const ask = { domain: 'law', question, maxTokens: 30 }
    const otherText = await tampered((body) => body.replace('minor', 'judge'))
    expect((await failureOf(otherText.ask(ask))).failure).toEqual({ code: 'bad-receipt', part: 'answerHash' })
    const streamed = await failureOf(eventsOf(otherText.askStream(ask)))
    expect(streamed.failure).toEqual({ code: 'bad-receipt', part: 'answerHash' })
    const otherCount = await tampered((body) => body.replace('"completion_tokens":7', '"completion_tokens":8'))
    expect((await failureOf(otherCount.ask(ask))).failure).toEqual({ code: 'bad-receipt', part: 'completionTokens' })
    const otherSettings = await tampered((body) => body.replace('"temperature":0}', '"temperature":1}'))
    expect((await failureOf(otherSettings.ask(ask))).failure).toEqual({ code: 'bad-receipt', part: 'settingsHash' })
    // What the caller has set is not the gateway's to say.
    const otherLimit = await tampered((body) => body.replace('"settings":{"maxTokens":30', '"settings":{"maxTokens":3'))
    expect((await otherLimit.ask(ask)).request.maxTokens).toBe(30)
  })
})
