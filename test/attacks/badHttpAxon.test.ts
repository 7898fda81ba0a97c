import { getEventListeners } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { DendriteError, type DendriteFailure } from '../../src/dendrite/dendriteError.ts'
import { HttpDendrite } from '../../src/dendrite/httpDendrite.ts'
import { wireLimits } from '../../src/wire/wireLimits.ts'
import { asking, genesis, netuid, signerOf } from '../unit/axon/axonWorld.ts'

const options = { domain: 'law', timeoutMs: 5_000 }

/** What our dendrite makes of a server that answers like this: the text, or the code of its failure. */
async function outcome(serve: RequestListener, isStreamed: boolean, timeoutMs = options.timeoutMs): Promise<unknown> {
  const told = await textOrFailure(serve, isStreamed, timeoutMs)
  return typeof told === 'string' ? told : told.code
}

async function textOrFailure(
  serve: RequestListener,
  isStreamed: boolean,
  timeoutMs: number,
): Promise<string | DendriteFailure> {
  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dendrite = new HttpDendrite({ signer: await signerOf('//Bob'), genesis, netuid })
  onTestFinished(async () => {
    await dendrite.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const target = { host: '127.0.0.1', port, hotkey: (await signerOf('//Alice')).address, dialect: 'synapse' } as const
  try {
    if (!isStreamed) return (await dendrite.askOnce(target, asking('x'), { ...options, timeoutMs })).text
    let text = ''
    for await (const event of dendrite.ask(target, asking('x'), { ...options, timeoutMs })) {
      if (event.type === 'text') text += event.text
    }
    return text
  } catch (error) {
    if (error instanceof DendriteError) return error.failure
    throw error
  }
}

const saying =
  (text: string): RequestListener =>
  (_request, response) =>
    response.end(text)

/** Never stops. */
const repeating =
  (text: string): RequestListener =>
  (_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(text));
    }
    response.on('drain', more)
    more()
  }

const longText = 'y'.repeat(wireLimits.maxAnswerChars + 1)

describe('a whole answer that', () => {
  test.each<[string, RequestListener, string]>([
    ['is no JSON', saying('<html>'), 'bad-axon'],
    ['is nested too deeply', saying('['.repeat(100_000)), 'bad-axon'],
    ['is none', saying('{}'), 'bad-axon'],
    ['is too long', saying(JSON.stringify({ answer: longText })), 'bad-axon'],
    ['never ends', repeating('x'.repeat(65_536)), 'bad-axon'],
    ['says something else under the same name', saying('{"answer":7}'), 'bad-axon'],
    [
      'leads elsewhere',
      (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      'unanswered',
    ],
    [
      'is an error without end',
      (request, response) => repeating('x'.repeat(65_536))(request, response.writeHead(500)),
      'unanswered',
    ],
    ['breaks off', (_request, response) => response.write('{"ans', () => response.destroy()), 'connection-lost'],
  ])('%s', async (_what, serve, code) => {
    expect(await outcome(serve, false)).toBe(code)
  })

  test('does not come', async () => {
    expect(await outcome(() => undefined, false, 200)).toBe('timeout')
  })

  test('is good', async () => {
    expect(await outcome(saying('{"answer":"yes"}'), false)).toBe('yes')
  })
})

describe('a stream that', () => {
  test.each<[string, RequestListener, string]>([
    ['ends early', saying('{"text":"half"}\n'), 'bad-axon'],
    ['is another answer than its last line', saying('{"text":"yes"}\n{"answer":"no"}\n'), 'bad-axon'],
    [
      'tells of an error',
      saying('{"text":"y"}\n{"error":{"code":"failed","message":"the GPU is gone"}}\n'),
      'unanswered',
    ],
    ['has a line of something else', saying('{"text":"y"}\ndata: hello\n'), 'bad-axon'],
    ['has a line without end', repeating('x'.repeat(65_536)), 'bad-axon'],
    ['has texts without end', repeating(`{"text":"${'y'.repeat(8_192)}"}\n`), 'bad-axon'],
    ['has empty texts without end', repeating('{"text":""}\n'.repeat(4_096)), 'bad-axon'],
    [
      'breaks off',
      (_request, response) => response.write('{"text":"y"}\n', () => response.destroy()),
      'connection-lost',
    ],
  ])('%s', async (_what, serve, code) => {
    expect(await outcome(serve, true, 20_000)).toBe(code)
  })

  test('drips for ever', async () => {
    const serve: RequestListener = (_request, response) => {
      const drip = setInterval(() => response.write('{"text":"y"}\n'), 20)
      response.on('close', () => clearInterval(drip))
    }
    expect(await outcome(serve, true, 300)).toBe('timeout')
  })

  test('is good', async () => {
    expect(await outcome(saying('{"text":"y"}\n{"text":"es"}\n{"answer":"yes"}\n'), true)).toBe('yes')
  })
})

describe('a refusal', () => {
  test.each<[string, number, string | string[], number | undefined]>([
    ['with seconds', 503, '3', 3_000],
    ['with a date that is past', 429, 'Thu, 01 Jan 1970 00:00:10 GMT', 0],
    ['with two waits', 503, ['7', '900'], 7_000],
    ['with digits without end', 503, '9'.repeat(400), undefined],
    ['with something else', 429, 'a while', undefined],
  ])('%s', async (_what, status, wait, retryAfterMs) => {
    const serve: RequestListener = (_request, response) =>
      response.setHeader('retry-after', wait).writeHead(status).end()
    const reason = status === 429 ? 'rate-limited' : 'busy'
    const failure = { code: 'unanswered', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) }
    expect(await textOrFailure(serve, false, options.timeoutMs)).toEqual(failure)
  })
})

test('ask after ask leaves nothing at a signal that lives as long as the caller, and a signer’s fault is not the axon’s', async () => {
  const server = createServer(saying('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bob = await signerOf('//Bob')
  const dendrite = new HttpDendrite({ signer: bob, genesis, netuid })
  const locked = new HttpDendrite({
    signer: { ...bob, sign: () => Promise.reject(new Error('the device is locked')) },
    genesis,
    netuid,
  })
  onTestFinished(async () => {
    await Promise.all([dendrite.close(), locked.close()])
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const target = { host: '127.0.0.1', port, hotkey: (await signerOf('//Alice')).address, dialect: 'synapse' } as const
  const { signal } = new AbortController()
  const joined = vi.spyOn(AbortSignal, 'any')
  onTestFinished(() => joined.mockRestore())
  await expect(dendrite.askOnce(target, asking('x'), { ...options, signal })).rejects.toMatchObject({
    failure: { code: 'bad-axon' },
  })
  await expect(locked.askOnce(target, asking('x'), { ...options, signal })).rejects.toMatchObject({
    failure: { code: 'bad-caller' },
    message: 'cannot ask: the device is locked',
  })
  expect(getEventListeners(signal, 'abort')).toEqual([])
  // What it makes is kept as long as the longest-lived of its sources.
  expect(joined).not.toHaveBeenCalled()
})
