import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Laxness } from '../../src/axon/http/laxness.ts'
import { emptyBodyHash } from '../../src/wire/bittensor/bodyHash.ts'
import { dialects } from '../../src/wire/bittensor/signedRequest.ts'
import { sessionPath } from '../../src/wire/hello.ts'
import { wireLimits } from '../../src/wire/wireLimits.ts'
import { asking, done, echo, pause, signerOf, stuck, until, type World } from '../unit/axon/axonWorld.ts'
import { type Instead, type Post, post, signed, startHttpWorld, tcp, wireText } from '../unit/axon/httpWorld.ts'
import { expectServes } from './expectServes.ts'

const bob = await signerOf('//Bob')
const charlie = await signerOf('//Charlie')
const eve = await signerOf('//Eve')

/** The axon's answer to a request: its status and what its owner hears. */
async function outcome(world: World, request: Post): Promise<[status: number, code: string]> {
  world.events.length = 0
  const { status } = await post(world, request)
  const [event] = world.events
  return [status, event !== undefined && 'code' in event ? String(event.code) : (event?.type ?? 'nothing')]
}

async function expectServesHttp(world: World): Promise<void> {
  expect(await outcome(world, await signed(world, 'btauth', { uri: '//Charlie' }))).toEqual([200, 'answered'])
  await expectServes(world)
}

function withHeader(request: Post, name: string, value: string): Post {
  return { ...request, headers: { ...request.headers, [name]: value } }
}

function without(request: Post, name: string): Post {
  const { [name]: _, ...headers } = request.headers
  return { ...request, headers }
}

const headersOf = {
  synapse: {
    hotkey: 'bt_header_dendrite_hotkey',
    signature: 'bt_header_dendrite_signature',
    receiver: 'bt_header_axon_hotkey',
  },
  btauth: {
    hotkey: 'X-Bittensor-Hotkey',
    signature: 'X-Bittensor-Signature',
    receiver: 'X-Bittensor-Receiver',
  },
  epistula: {
    hotkey: 'Epistula-Signed-By',
    signature: 'Epistula-Request-Signature',
    receiver: 'Epistula-Signed-For',
  },
} as const

describe.each(dialects)('%s:', (dialect) => {
  const names = headersOf[dialect]

  test('a request is taken once', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, dialect)
    expect(await outcome(world, request)).toEqual([200, 'answered'])
    expect(await outcome(world, request)).toEqual([401, 'replayed'])
    await expectServesHttp(world)
  })

  test('and once alone, when it comes many times together', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, dialect)
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(world, request)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('a request that the axon took before its restart is refused behind it', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, dialect, { madeAtMs: Date.now() - 1 })
    expect(await outcome(world, request)).toEqual([200, 'answered'])
    const { key } = world
    await world.axon.close()
    expect(await outcome(await startHttpWorld({ key }), request)).toEqual([401, 'stale-nonce'])
  })

  test('a body that was changed on the way', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, dialect)
    const changed = { ...request, body: request.body.replace('tort', 'debt') }
    expect(await outcome(world, changed)).toEqual([401, dialect === 'synapse' ? 'altered-body' : 'bad-signature'])
    await expectServesHttp(world)
  })

  test('a stranger who names a member as the caller cannot sign for it, nor use up its request', async () => {
    const world = await startHttpWorld()
    const own = await signed(world, dialect)
    const forged = withHeader(own, names.signature, `0x${'ab'.repeat(64)}`)
    const renamed = withHeader(await signed(world, dialect, { uri: '//Eve' }), names.hotkey, bob.address)
    expect(await outcome(world, forged)).toEqual([401, 'bad-signature'])
    expect(await outcome(world, renamed)).toEqual([401, 'bad-signature'])
    expect(await outcome(world, own)).toEqual([200, 'answered'])
  })

  test('a member’s request under another member’s name', async () => {
    const world = await startHttpWorld()
    const request = withHeader(await signed(world, dialect), names.hotkey, charlie.address)
    expect(await outcome(world, request)).toEqual([401, 'bad-signature'])
  })

  test('an address with a wrong checksum, though the policy should admit it', async () => {
    const world = await startHttpWorld({ admit: () => ({ ok: true, stake: 0n }) })
    const wrong = `${bob.address.slice(0, -1)}${bob.address.endsWith('x') ? 'y' : 'x'}`
    const request = withHeader(await signed(world, dialect), names.hotkey, wrong)
    expect(await outcome(world, request)).toEqual([401, 'bad-signature'])
  })

  test('a request to another axon, passed on', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, dialect, { receiver: eve.address })
    expect(await outcome(world, request)).toEqual([401, 'wrong-axon'])
    const readdressed = withHeader(request, names.receiver, world.target.hotkey)
    expect(await outcome(world, readdressed)).toEqual([401, 'bad-signature'])
    await expectServesHttp(world)
  })

  test('a hotkey that is not registered is turned away before its body and signature cost anything', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, dialect, { uri: '//Eve' })
    expect(await outcome(world, withHeader(request, names.signature, `0x${'00'.repeat(64)}`))).toEqual([
      403,
      'unknown-hotkey',
    ])
  })

  test.each([
    ['the past', -20_000, 'stale-nonce'],
    ['the future', 60_000, 'future-nonce'],
  ])('a request from %s', async (_when, offsetMs, code) => {
    const world = await startHttpWorld()
    const madeAtMs = Date.now() + offsetMs
    // A longer time-out, which nothing protects, does not make it live longer.
    expect(await outcome(world, await signed(world, dialect, { madeAtMs, timeoutMs: 1_000_000 }))).toEqual([401, code])
    await expectServesHttp(world)
  })

  test('a request without a signature', async () => {
    const world = await startHttpWorld()
    expect(await outcome(world, without(await signed(world, dialect), names.signature))).toEqual([401, 'unsigned'])
    const lax = await startHttpWorld({ allow: ['unsigned'] })
    expect(await outcome(lax, without(await signed(lax, dialect), names.signature))).toEqual([200, 'answered'])
    // A wrong one is still wrong.
    const wrong = withHeader(await signed(lax, dialect), names.signature, `0x${'ab'.repeat(64)}`)
    expect(await outcome(lax, wrong)).toEqual([401, 'bad-signature'])
  })
})

test('each laxness allows its own and nothing else', async () => {
  const lax: Readonly<Record<Laxness, (world: World) => Promise<Post>>> = {
    unsigned: async (world) => without(await signed(world, 'synapse'), headersOf.synapse.signature),
    'future-nonce': (world) => signed(world, 'synapse', { madeAtMs: Date.now() + 3_600_000 }),
    'unprotected-body': (world) => signed(world, 'synapse', { bodyHash: emptyBodyHash }),
    'named-caller': (world) => signed(world, 'synapse', { dendrite: { hotkey: charlie.address } }),
    'any-receiver': async (world) => {
      const body = { model: 'law', messages: [{ role: 'user', content: 'x' }] }
      return without(
        await signed(world, 'epistula', { receiver: '', body, path: '/v1/chat/completions' }),
        'Epistula-Signed-For',
      )
    },
  }
  const names = Object.keys(lax) as Laxness[]
  for (const allowed of names) {
    const world = await startHttpWorld({ allow: [allowed] })
    for (const name of names) {
      const [status] = await outcome(world, await lax[name](world))
      expect([allowed, name, status]).toEqual([allowed, name, name === allowed ? 200 : 401])
    }
  }
})

test('whom the body names as the caller is never believed', async () => {
  const world = await startHttpWorld({ allow: ['named-caller'] })
  await post(world, await signed(world, 'synapse', { dendrite: { hotkey: charlie.address } }))
  expect(world.events).toMatchObject([{ type: 'answered', hotkey: bob.address }])
})

describe('btauth/1 is bound to its line:', () => {
  test.each(['/FacultyChatStream', '/FacultyChat?stream=true', '/FacultyChat?'])('sent to %s instead', async (path) => {
    const world = await startHttpWorld()
    expect(await outcome(world, { ...(await signed(world, 'btauth')), path })).toEqual([401, 'bad-signature'])
  })

  test('a scheme that was not the signer’s', async () => {
    const world = await startHttpWorld()
    const request = withHeader(await signed(world, 'btauth'), 'X-Bittensor-Crypto', 'ed25519')
    expect(await outcome(world, request)).toEqual([401, 'bad-signature'])
  })
})

describe('SDK 10:', () => {
  test.each([
    ['bt_header_dendrite_nonce', (value: string) => `${BigInt(value) + 1n}`],
    ['bt_header_dendrite_uuid', () => 'another'],
    ['computed_body_hash', () => emptyBodyHash],
  ])('%s, changed on the way', async (name, change) => {
    const world = await startHttpWorld()
    const request = await signed(world, 'synapse')
    const changed = withHeader(request, name, change(request.headers[name]!))
    expect(await outcome(world, changed)).toEqual([401, 'bad-signature'])
  })

  test('an old version is no excuse for an old nonce', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, 'synapse', { nonce: '5' })
    expect(await outcome(world, withHeader(request, 'bt_header_dendrite_version', '1'))).toEqual([401, 'stale-nonce'])
  })

  test('a setting that was smuggled into a body of the short class', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, 'synapse')
    const body = JSON.stringify({ ...JSON.parse(request.body), stop: ['t'] })
    expect(await outcome(world, { ...request, body })).toEqual([401, 'altered-body'])
  })

  test('does not sign chat completions, whose body it could not protect', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, 'synapse', { path: '/v1/chat/completions' })
    expect(await outcome(world, request)).toEqual([401, 'bad-headers'])
  })
})

describe('a body that is', () => {
  const nested = (depth: number): string => `{"domain":"law","messages":${'['.repeat(depth)}${']'.repeat(depth)}}`

  test.each([
    ['nested too deeply', nested(50_000), 400, 'too-deep'],
    ['no JSON', '{"domain":', 400, 'not-json'],
    ['JSON, but no question', '[1]', 400, 'bad-message'],
    ['empty', '', 400, 'not-json'],
  ])('%s', async (_what, body, status, code) => {
    const world = await startHttpWorld()
    // Signed as it stands.
    const request = await signedText(world, body)
    expect(await outcome(world, request)).toEqual([status, code])
    await expectServesHttp(world)
  })

  test('not UTF-8: it would be answered with other characters than were asked', async () => {
    const world = await startHttpWorld()
    const body = Buffer.from('{"domain":"law","messages":[{"role":"user","content":"caf\u00e9"}]}', 'latin1')
    const { path, headers } = await signedText(world, body)
    const socket = await tcp(world)
    let heard = ''
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
    socket.write(wireText({ path, headers, body: '' }, { 'content-length': String(body.length) }))
    socket.write(body)
    await until(() => heard.includes('HTTP/1.1 400'))
    expect(world.events).toMatchObject([{ type: 'refused', code: 'bad-encoding' }])
  })

  test('too long, and says so', async () => {
    const world = await startHttpWorld()
    const body = 'x'.repeat(wireLimits.maxCallerFrameBytes + 1)
    expect(await outcome(world, { ...(await signed(world, 'btauth')), body })).toEqual([413, 'oversize'])
    await expectServesHttp(world)
  })

  test('endless, in chunks', async () => {
    const world = await startHttpWorld()
    const socket = await tcp(world)
    const { headers, path } = await signed(world, 'btauth')
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n${lines.join('')}\r\n`)
    const chunk = `${(16_384).toString(16)}\r\n${'x'.repeat(16_384)}\r\n`
    const pump = setInterval(() => socket.writableLength < 1e6 && socket.write(chunk), 1)
    onTestFinished(() => clearInterval(pump))
    socket.resume()
    await until(() => socket.closed || socket.destroyed)
    expect(world.events).toMatchObject([{ type: 'refused', code: 'oversize' }])
    await expectServesHttp(world)
  })
})

/** A body of any text under btauth/1. */
async function signedText(world: World, body: string | Buffer): Promise<Post> {
  const { createHash } = await import('node:crypto')
  const { btauthText, writeBtauthHeaders } = await import('../../src/wire/bittensor/btauth.ts')
  const bodySha256 = createHash('sha256').update(body).digest('hex')
  const line = { scheme: 'sr25519', method: 'POST', target: '/FacultyChat' } as const
  const parts = {
    ...line,
    bodySha256,
    nonce: `${Date.now()}000000`,
    hotkey: bob.address,
    receiver: world.target.hotkey,
  }
  const signature = Buffer.from(await bob.sign(Buffer.from(btauthText(parts)))).toString('hex')
  return { path: '/FacultyChat', headers: writeBtauthHeaders(parts, signature), body: String(body) }
}

describe('connections that stop half-way are cut when their time is over:', () => {
  const helloTimeoutMs = 2_000

  async function expectCut(start: (world: World) => Promise<string>): Promise<void> {
    const world = await startHttpWorld({ limits: { helloTimeoutMs } })
    const text = await start(world)
    const socket = await tcp(world)
    socket.resume()
    // All but the end at once, the rest a byte at a time.
    const begin = Math.max(1, text.length - 2_000)
    socket.write(text.slice(0, begin))
    let sent = begin
    const drip = setInterval(() => sent < text.length - 1 && socket.write(text[sent++]!), 10)
    onTestFinished(() => clearInterval(drip))
    const startMs = performance.now()
    await until(() => socket.closed || socket.destroyed)
    expect(performance.now() - startMs).toBeLessThan(10_000)
    clearInterval(drip)
    await expectServesHttp(world)
  }

  test('in the headers', () =>
    expectCut(async () => `POST /FacultyChat HTTP/1.1\r\nhost: x\r\nx-slow: ${'y'.repeat(4_000)}`))

  test('in the body', () =>
    expectCut(async (world) => {
      const messages = [{ role: 'user', content: 'y'.repeat(8_000) }]
      return wireText(await signed(world, 'synapse', { body: { domain: 'law', messages } }))
    }))

  test('before the first byte, which would tell TLS from HTTP', async () => {
    const world = await startHttpWorld({ limits: { helloTimeoutMs } })
    const socket = await tcp(world)
    socket.resume()
    await until(() => socket.closed || socket.destroyed)
    await expectServesHttp(world)
  })

  test('behind a refusal: it is no reason to stay', async () => {
    const world = await startHttpWorld({ limits: { helloTimeoutMs } })
    const socket = await tcp(world)
    socket.resume()
    const refused = wireText(await signed(world, 'synapse', { uri: '//Eve' }))
    const again = setInterval(() => socket.writable && socket.write(refused), 100)
    onTestFinished(() => clearInterval(again))
    await until(() => socket.closed || socket.destroyed)
    await expectServesHttp(world)
  })
})

test('a flood of half-open plain connections displaces itself, not honest callers', async () => {
  const world = await startHttpWorld({ limits: { maxUnproven: 16, helloTimeoutMs: 60_000 } })
  const halfOpen = await Promise.all(Array.from({ length: 60 }, () => tcp(world)))
  for (const socket of halfOpen) socket.resume().write('POST /FacultyChat HTTP/1.1\r\n')
  await until(() => halfOpen.filter((socket) => socket.destroyed || socket.closed).length >= 60 - 16)
  await expectServesHttp(world)
})

test('requests that do not wait for their replies are refused', async () => {
  const world = await startHttpWorld({ answer: stuck })
  const socket = await tcp(world)
  socket.resume()
  socket.write(wireText(await signed(world, 'synapse')))
  await until(() => world.axon.running === 1)
  socket.write(wireText(await signed(world, 'synapse')))
  await until(() => world.events.some((event) => event.type === 'refused' && event.code === 'pipelined'))
  expect(world.axon.running).toBe(1)
  socket.destroy()
  await until(() => world.axon.running === 0)
})

test('a stranger has few tries on one connection, so that bad signatures cost it connections', async () => {
  const world = await startHttpWorld()
  const socket = await tcp(world)
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  const replies = (): number => heard.split('HTTP/1.1 401').length - 1
  for (let tries = 1; tries <= 8; tries++) {
    const forged = withHeader(await signed(world, 'btauth'), headersOf.btauth.signature, `0x${'ab'.repeat(64)}`)
    socket.write(wireText(forged))
    await until(() => replies() === tries)
  }
  await until(() => socket.closed)
  expect(heard.toLowerCase().split('connection: close').length - 1).toBe(1)
  await expectServesHttp(world)
})

test('a request beyond the hotkey’s rate is refused before its signature costs anything', async () => {
  const world = await startHttpWorld({ limits: { asksPerHotkey: { perMinute: 1, burst: 1 } } })
  expect(await outcome(world, await signed(world, 'btauth'))).toEqual([200, 'answered'])
  const forged = withHeader(await signed(world, 'btauth'), headersOf.btauth.signature, `0x${'ab'.repeat(64)}`)
  expect(await outcome(world, forged)).toEqual([429, 'rate-limited'])
})

test.each<[string, Instead, number]>([
  ['pings', { path: '/Synapse', body: {} }, 200],
  ['asks for what is not served', { body: { domain: 'finance', messages: [{ role: 'user', content: 'x' }] } }, 404],
])('a member that only %s is held off before its signature costs anything', async (_what, instead, status) => {
  const world = await startHttpWorld({ limits: { maxIdleWords: 5, idleWordsPerSecond: 0.1 } })
  for (let i = 0; i < 5; i++) expect((await post(world, await signed(world, 'synapse', instead))).status).toBe(status)
  const forged = withHeader(
    await signed(world, 'synapse', instead),
    headersOf.synapse.signature,
    `0x${'00'.repeat(64)}`,
  )
  expect(await outcome(world, forged)).toEqual([429, 'rate-limited'])
  await expectServesHttp(world)
})

test('a member that is refused for want of room is held off, too', async () => {
  const limits = { maxIdleWords: 2, idleWordsPerSecond: 0.1, maxRunning: 1, maxWaiting: 0 }
  const world = await startHttpWorld({ answer: stuck, limits })
  void post(world, await signed(world, 'btauth', { uri: '//Charlie' })).catch(() => undefined)
  await until(() => world.axon.running === 1)
  const codes: string[] = []
  for (let i = 0; i < 3; i++) codes.push((await outcome(world, await signed(world, 'btauth')))[1])
  expect(codes).toEqual(['busy', 'busy', 'rate-limited'])
})

test('a connection whose request is being answered cannot become a WebSocket that has no deadline', async () => {
  const world = await startHttpWorld({ answer: stuck })
  const socket = connectTls({ host: '127.0.0.1', port: world.axon.port, rejectUnauthorized: false })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  socket.resume()
  socket.write(wireText(await signed(world, 'btauth')))
  await until(() => world.axon.running === 1)
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const upgrade = `upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}`
  socket.write(`GET ${sessionPath} HTTP/1.1\r\nhost: x\r\n${upgrade}\r\n\r\n`)
  await until(() => socket.closed && world.axon.running === 0)
  await world.axon.close()
})

test('one hotkey has no more asks in flight than a session may have', async () => {
  const world = await startHttpWorld({ answer: stuck, limits: { maxPending: 3 } })
  const requests = await Promise.all(Array.from({ length: 4 }, () => signed(world, 'btauth')))
  const asked = requests.map((request) => post(world, request).catch(() => undefined))
  const first = await Promise.race(asked)
  expect(first).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  expect(world.axon.running).toBe(3)
  await world.axon.close()
  await Promise.all(asked)
})

test('a hotkey’s rate is one for sessions and requests, and strangers cannot use it up', async () => {
  const world = await startHttpWorld({ limits: { asksPerHotkey: { perMinute: 1, burst: 2 } } })
  for (let i = 0; i < 4; i++) {
    const forged = withHeader(await signed(world, 'btauth'), headersOf.btauth.signature, `0x${'ab'.repeat(64)}`)
    expect(await outcome(world, forged)).toEqual([401, 'bad-signature'])
  }
  const session = await world.connect('//Bob')
  await session.askOnce(asking('x'), { domain: 'law', timeoutMs: 20_000 })
  expect(await outcome(world, await signed(world, 'btauth'))).toEqual([200, 'answered'])
  const { status, headers } = await post(world, await signed(world, 'synapse'))
  expect(status).toBe(429)
  expect(Number(headers['retry-after'])).toBeGreaterThan(30)
  await expectServesHttp(world)
})

test('an address that is denied does not get as far as a request', async () => {
  const world = await startHttpWorld({ judgeIp: () => 'denied' })
  await expect(post(world, await signed(world, 'synapse'))).rejects.toThrow()
  expect(world.events).toMatchObject([{ type: 'refused', code: 'denied' }])
})

test('an answer that is not read costs a bounded amount of memory and is cut off', async () => {
  const world = await startHttpWorld({
    limits: { maxUnsentBytes: 64 * 1024 },
    answer: async function* (...given) {
      if (given[0].request.messages[0]!.content !== 'what is tort?') {
        yield* echo(...given)
        return
      }
      // Six bytes each on the wire, so that it is more than the system keeps for a peer that does not read.
      const text = '\x01'.repeat(8_192)
      for (let i = 0; i < 63; i++) {
        yield { type: 'text', text }
        await pause(1)
      }
      yield done('')
    },
  })
  const socket = await tcp(world)
  socket.pause()
  socket.write(wireText(await signed(world, 'synapse', { path: '/FacultyChatStream' })))
  await until(() => world.events.length > 0)
  expect(world.events).toMatchObject([{ type: 'unanswered', code: 'slow-reader' }])
  const messages = [{ role: 'user', content: 'still there?' }]
  expect((await post(world, await signed(world, 'synapse', { body: { domain: 'law', messages } }))).status).toBe(200)
})

describe('what is no request', () => {
  test.each([
    ['headers beyond the limit', `POST /FacultyChat HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['two lengths', 'POST /FacultyChat HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['an upgrade without TLS', 'GET /session HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
    ['garbage', '\x00\x01\x02\x03'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('%s', async (_what, text) => {
    const world = await startHttpWorld()
    const socket = await tcp(world)
    socket.resume()
    socket.write(text)
    await until(() => socket.closed || socket.destroyed)
    expect(world.axon.running).toBe(0)
    await expectServesHttp(world)
  })

  test('a path or method that is not served, before any header is looked at', async () => {
    const world = await startHttpWorld()
    const request = await signed(world, 'btauth', { path: '/../FacultyChat' })
    expect(await outcome(world, request)).toEqual([404, 'no-such-path'])
    const { status } = await post(world, await signed(world, 'btauth'), { method: 'GET' })
    expect(status).toBe(404)
  })
})

test('a policy that fails refuses, and its reason stays at home', async () => {
  const world = await startHttpWorld({
    admit: () => {
      throw new Error('metagraph at /home/miner is gone')
    },
  })
  const { status, text } = await post(world, await signed(world, 'synapse'))
  expect(status).toBe(503)
  expect(text).not.toContain('metagraph')
  expect(world.events).toMatchObject([{ code: 'unavailable', error: { message: 'metagraph at /home/miner is gone' } }])
})
