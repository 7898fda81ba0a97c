import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { Engine, EngineEvent } from '../../src/engine/engine.ts'
import { openOpenAiEngine } from '../../src/engine/openai.ts'
import { parseUpstreams } from '../../src/engine/parseUpstreams.ts'
import { type InferenceServer, json, model, says, startInferenceServer } from '../unit/engine/inferenceServer.ts'

// An inference server is the miner's own, but what it says comes from a network and from models that people talk to.

const key = 'sk-very-secret'
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function world(): Promise<{ server: InferenceServer; engine: Engine }> {
  const server = await startInferenceServer()
  closers.push(() => server.close())
  const engine = await openOpenAiEngine({ urls: [server.url], model, key, pauseMs: () => 1 })
  closers.push(() => engine.close())
  return { server, engine }
}

async function ask(engine: Engine): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  const request = { messages: [{ role: 'user', content: 'Q' }], maxTokens: 5, temperature: 0 } as const
  for await (const event of engine.generate(request)) events.push(event)
  return events
}

describe('a bad inference server', () => {
  it('that repeats the key in its refusal does not bring it into an error', async () => {
    const { server, engine } = await world()
    server.next.push(says(400, `the key ${key} may not do that`))
    const refused = await ask(engine).catch((error: unknown) => error)
    expect(refused).toMatchObject({ message: expect.stringContaining('the key … may not do that') })
    server.next.push(says(401, `Incorrect API key provided: ${key}`))
    const wrongKey = (await ask(engine).catch((error: unknown) => error)) as Error
    expect(JSON.stringify([wrongKey.message, wrongKey])).not.toContain(key)
  })

  it('that repeats the key in an answer that has begun does not bring it into an error either', async () => {
    const { server, engine } = await world()
    const bodies = [
      { error: { message: `${'x'.repeat(60)} ${key}` } },
      { object: 'error', message: `the key ${key}` },
      { choices: key },
    ]
    for (const body of bodies) {
      for (let i = 0; i < 3; i++) {
        server.next.push((response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' })
          response.end(`data: ${JSON.stringify(body)}\n\n`)
        })
      }
      const failed = (await ask(engine).catch((error: unknown) => error)) as Error
      expect(failed).toMatchObject({ failure: { code: 'upstream', status: 200 } })
      expect(inspect(failed)).not.toContain(key.slice(0, 8))
    }
  })

  it('that sends the caller elsewhere is not followed, so the key goes nowhere else', async () => {
    const { server, engine } = await world()
    let visits = 0
    const other = createServer((_request, response) => {
      visits++
      response.end()
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => other.close(resolve)))
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/chat/completions`
    server.next.push((response) => json(response, 307, {}, { location }))
    await expect(ask(engine)).rejects.toMatchObject({ failure: { code: 'upstream', status: 307 } })
    expect(visits).toBe(0)
  })

  it('that never ends a line is cut off before it fills the memory', async () => {
    const { server, engine } = await world()
    let written = 0
    const pour = (response: Parameters<typeof json>[0]): void => {
      const block = Buffer.alloc(65_536, 'x')
      const more = (): void => {
        while (!response.destroyed && response.write(block)) written += block.length
      }
      response.on('drain', more).writeHead(200).write('data: ')
      more()
    }
    server.next.push(pour, pour, pour)
    await expect(ask(engine)).rejects.toThrow(/longer than 1048576 characters/)
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  it('whose refusal is endless is cut off too, and shown in a line', async () => {
    const { server, engine } = await world()
    server.next.push((response) => {
      const block = Buffer.alloc(65_536, 'no\n')
      const more = (): void => {
        while (!response.destroyed && response.write(block));
      }
      response.on('drain', more).writeHead(400)
      more()
    })
    const error = (await ask(engine).catch((thrown: unknown) => thrown)) as Error
    expect(error).toMatchObject({ failure: { code: 'bad-request' } })
    expect(error.message.length).toBeLessThan(400)
    expect(error.message).not.toContain('\n')
  })

  it('whose address stays out of what the miner tells its callers', async () => {
    const { server, engine } = await world()
    server.next.push(says(422, 'top_k must be positive'))
    const error = (await ask(engine).catch((thrown: unknown) => thrown)) as Error
    expect(error.message).toContain('top_k must be positive')
    expect(error.message).not.toContain(server.url.host)
  })
})

describe('a caller whose requests make the server fail', () => {
  it.each([
    ['with 500', says(500, 'CUDA error')],
    ['by a filter’s 403', says(403, 'blocked')],
    [
      'in the middle of an answer',
      (response: Parameters<typeof json>[0]): void => {
        response.writeHead(200).end('data: {"error": {"message": "CUDA error", "code": 500}}\n\n')
      },
    ],
  ])('%s does not take it away from the others', async (_name, reply) => {
    const { server, engine } = await world()
    for (let round = 0; round < 10; round++) {
      server.next.push(reply, reply, reply)
      await expect(ask(engine)).rejects.toMatchObject({ failure: { code: 'upstream' } })
      server.next.splice(0)
      expect((await ask(engine)).at(-1)!.type).toBe('done')
    }
  })
})

describe('an address with a password', () => {
  it('is refused without repeating the password', () => {
    const error = (() => {
      try {
        return parseUpstreams('https://user:hunter2@host:1/v1')
      } catch (thrown) {
        return thrown as Error
      }
    })()
    expect(error).toMatchObject({ failure: { code: 'bad-input', field: '--upstream', value: 'host:1' } })
    expect(JSON.stringify([(error as Error).message, error])).not.toContain('hunter2')
  })

  it.each(['', 'ftp://a', 'localhost', 'http://a?x=1', 'http://a#b', 'http://a,http://a/'])('nor is %j one', (text) => {
    expect(() => parseUpstreams(text)).toThrow(/--upstream/)
  })

  it('several are kept in order', () => {
    expect(parseUpstreams('http://a:1, https://b/api/v1').map(String)).toEqual(['http://a:1/', 'https://b/api/v1'])
  })
})
