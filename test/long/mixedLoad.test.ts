import { connect as connectTcp } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Answerer } from '../../src/axon/answer.ts'
import { AnswerError } from '../../src/axon/axonError.ts'
import { type AxonLimits, defaultAxonLimits } from '../../src/axon/axonLimits.ts'
import { connect } from '../../src/dendrite/connect.ts'
import { DendriteError } from '../../src/dendrite/dendriteError.ts'
import type { Session } from '../../src/dendrite/session.ts'
import { asking, done, pause, startWorld, until, type World } from '../unit/axon/axonWorld.ts'

/** An hour: FACULTY_LOAD_SECONDS=3600. */
const seconds = Number(process.env.FACULTY_LOAD_SECONDS ?? 20)
const timeoutMs = 5_000
const mebibyte = 1024 * 1024

/** What the question says is what the miner does. */
const answer: Answerer = async function* ({ request }, { signal }) {
  const content = request.messages[0]!.content
  if (content === 'bad') throw new AnswerError('not like this', { code: 'bad-request' })
  if (content === 'break') throw new Error('broken')
  const pieces = content === 'long' ? 40 : content === 'huge' ? 4 : 2
  for (let i = 0; i < pieces && !signal.aborted; i++) {
    await pause(content === 'slow' ? 200 : 1)
    yield { type: 'text', text: content === 'huge' ? 'y'.repeat(100_000) : `${content} ` }
  }
  yield done(content)
}

type Ask = (session: Session) => Promise<unknown>
const options = { domain: 'law', timeoutMs }
const once =
  (content: string, more: object = {}): Ask =>
  (session) =>
    session.askOnce(asking(content), { ...options, ...more })

/** One of these at a time, drawn at random. */
const asks: readonly Ask[] = [
  once('short'),
  once('short', { receipt: false }),
  once('long'),
  once('huge'),
  once('slow'),
  once('slow', { timeoutMs: 50 }),
  once('bad'),
  once('break'),
  once('short', { domain: 'astrology' }),
  // Longer than a frame may be.
  once('x'.repeat(300_000)),
  (session) => session.askOnce(asking('long'), { ...options, signal: AbortSignal.timeout(20) }),
  (session) => session.askOnce(asking('slow'), { ...options, signal: AbortSignal.timeout(10) }),
  async (session) => {
    // Leaves after the first piece.
    for await (const _event of session.ask(asking('long'), options)) break
  },
]

test(
  `${seconds} seconds of mixed load: every ask ends in an answer or a typed error, and memory stays flat`,
  async () => {
    const limits: Partial<AxonLimits> = {
      ...defaultAxonLimits,
      maxRunning: 12,
      maxWaiting: 24,
      maxPending: 16,
      asksPerHotkey: { perMinute: 6_000, burst: 50 },
      connectionsPerIp: { perMinute: Number.POSITIVE_INFINITY, burst: 1 },
    }
    let started = 0
    const ended = { answered: 0, unanswered: 0 }
    const world = await startWorld({
      limits,
      answer: (view, context) => {
        started++
        return answer(view, context)
      },
      admit: (hotkey) => ({ ok: true, stake: 0n, weight: hotkey.charCodeAt(5) % 7 || 1 }),
      onEvent: (event) => {
        if (event.type === 'answered' || event.type === 'unanswered') ended[event.type]++
      },
    })
    const untilMs = performance.now() + seconds * 1_000
    const isOver = (): boolean => performance.now() >= untilMs
    const tally = { asked: 0, answered: 0, failed: new Map<string, number>() }

    const callers = ['//Bob', '//Charlie', '//Dave', '//Eve'].flatMap((uri) => [uri, uri])
    const loops = callers.flatMap((uri) => callerLoops({ uri, world, isOver, tally }))
    const disturb = [halfOpen(world, isOver), reconfigure(world, limits, isOver)]
    const heaps: number[] = []
    while (!isOver()) {
      await pause(Math.min(5_000, seconds * 25))
      heaps.push(heapBytes())
    }
    await Promise.all([...loops, ...disturb])
    await until(() => world.axon.sessions === 0)

    const failed = [...tally.failed.values()].reduce((sum, count) => sum + count, 0)
    expect(tally.answered + failed).toBe(tally.asked)
    expect(tally.answered).toBeGreaterThan(20 * seconds)
    expect([...tally.failed.keys()]).toEqual(
      expect.arrayContaining(['unanswered bad-request', 'unanswered failed', 'unanswered unknown-domain', 'timeout']),
    )
    // Nothing that is a fault of the one end or the other.
    for (const code of ['bad-axon', 'bad-receipt', 'bad-caller', 'connection-lost', 'untyped']) {
      expect([...tally.failed.keys()].filter((key) => key.startsWith(code))).toEqual([])
    }
    expect([world.axon.running, world.axon.waiting]).toEqual([0, 0])
    // Each that was begun has ended, and so have those that never came to be begun.
    expect(ended.answered + ended.unanswered).toBeGreaterThanOrEqual(started)
    // The least heap of the last third against that of the second: the first warms up.
    const third = Math.floor(heaps.length / 3)
    const [middle, last] = [heaps.slice(third, 2 * third), heaps.slice(2 * third)].map((part) => Math.min(...part))
    expect(last! - middle!).toBeLessThan(3 * mebibyte)
  },
  seconds * 1_000 + 60_000,
)

interface Load {
  readonly uri: string
  readonly world: World
  readonly isOver: () => boolean
  readonly tally: { asked: number; answered: number; readonly failed: Map<string, number> }
}

/** Six asks at a time on one session, which is given up and opened anew now and then. */
function callerLoops({ uri, world, isOver, tally }: Load): Promise<void>[] {
  const enter = async (): Promise<Session> => await connect({ ...world.target, ...(await world.caller(uri)) })
  let current = enter()
  let open = 6
  const renew = async (): Promise<void> => {
    while (!isOver()) {
      await pause(1_500)
      const old = await current
      try {
        const next = await enter()
        current = Promise.resolve(next)
        old.close()
      } catch (error) {
        // A machine that is busy with something else; what there was goes on.
        if (!(error instanceof DendriteError)) throw error
      }
    }
  }
  const loop = async (): Promise<void> => {
    while (!isOver()) {
      tally.asked++
      try {
        await asks[Math.floor(Math.random() * asks.length)]!(await current)
        tally.answered++
      } catch (error) {
        const failure = error instanceof DendriteError ? error.failure : undefined
        const reason = failure !== undefined && 'reason' in failure ? ` ${failure.reason}` : ''
        const key = `${failure?.code ?? 'untyped'}${reason}`
        tally.failed.set(key, (tally.failed.get(key) ?? 0) + 1)
        // As a caller should that is told to come back later.
        await pause(failure?.code === 'unanswered' && failure.retryAfterMs !== undefined ? 50 : 1)
      }
    }
    if (--open === 0) (await current).close()
  }
  const renewing = renew()
  return [...Array.from({ length: 6 }, loop), renewing.then(async () => (await current).close())]
}

/** Connections that come to nothing. */
async function halfOpen(world: World, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const socket = connectTcp({ host: '127.0.0.1', port: world.axon.port })
    socket.on('error', () => undefined)
    socket.write(Math.random() < 0.5 ? 'GET / HTTP/1.1\r\n\r\n' : Buffer.alloc(200, 0x16))
    await pause(30)
    socket.destroy()
  }
}

/** New limits and a look at every session, as after a change of the configuration. */
async function reconfigure(world: World, limits: Partial<AxonLimits>, isOver: () => boolean): Promise<void> {
  for (let i = 0; !isOver(); i++) {
    await pause(400)
    world.axon.configure({ ...limits, maxRunning: 8 + (i % 8) })
    await world.axon.readmit()
  }
}

function heapBytes(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
