import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Answerer } from '../../../src/axon/answer.ts'
import { generateAxonKey } from '../../../src/axon/axonKey.ts'
import { backoffMs } from '../../../src/base/backoffMs.ts'
import { AnswerStream } from '../../../src/dendrite/answerStream.ts'
import { Dendrite, type Question } from '../../../src/dendrite/dendrite.ts'
import { DendriteError } from '../../../src/dendrite/dendriteError.ts'
import type { Answer, AskEvent, Target } from '../../../src/dendrite/target.ts'
import { asking, done, pause, startWorld, stuck, until } from '../axon/axonWorld.ts'

const ask = { domain: 'law', timeoutMs: 10_000 }

function answersAfter(ms: number): Answerer {
  return async function* () {
    await pause(ms)
    yield { type: 'text', text: `${ms}` }
    yield done('')
  }
}

function question(target: Target, timeoutMs = 10_000): Question {
  return { target, request: asking('x'), options: { ...ask, timeoutMs } }
}

describe('askMany', () => {
  test('gives each outcome when it is there, errors among them', async () => {
    const [slow, fast, dead, mute] = [
      await startWorld({ answer: answersAfter(400) }),
      await startWorld({ answer: answersAfter(1) }),
      await startWorld(),
      await startWorld({ answer: stuck }),
    ]
    await dead.axon.close()
    const dendrite = new Dendrite(await fast.caller('//Bob'))
    onTestFinished(() => dendrite.close())
    const questions = [question(slow.target), question(fast.target), question(dead.target), question(mute.target, 200)]
    const given: string[] = []
    for await (const outcome of dendrite.askMany(questions)) {
      given.push(`${questions.indexOf(outcome.question)} ${outcome.answer?.text ?? outcome.error?.failure.code}`)
    }
    expect(given.toSorted()).toEqual(['0 400', '1 1', '2 unreachable', '3 timeout'])
    expect(given.indexOf('0 400')).toBeGreaterThan(given.indexOf('1 1'))
    // The connections stay for the next round.
    expect([slow, fast, mute].map(({ axon }) => axon.sessions)).toEqual([1, 1, 1])
  })

  test('cancels the rest when its reader has heard enough', async () => {
    const [fast, mute] = [await startWorld({ answer: answersAfter(1) }), await startWorld({ answer: stuck })]
    const dendrite = new Dendrite(await fast.caller('//Bob'))
    onTestFinished(() => dendrite.close())
    const asked = dendrite.askMany([question(mute.target), question(fast.target)])
    await dendrite.session(mute.target).connect()
    for await (const { answer } of asked) {
      expect(answer?.text).toBe('1')
      await until(() => mute.axon.running === 1)
      break
    }
    await until(() => mute.axon.running === 0)
    expect(mute.events.at(-1)).toMatchObject({ type: 'unanswered', code: 'cancelled' })
  })

  test('leaves nothing at a signal that lives as long as the caller', async () => {
    const [fast, mute] = [await startWorld({ answer: answersAfter(1) }), await startWorld({ answer: stuck })]
    const dendrite = new Dendrite(await fast.caller('//Bob'))
    onTestFinished(() => dendrite.close())
    const joined = vi.spyOn(AbortSignal, 'any')
    onTestFinished(() => joined.mockRestore())
    const stop = new AbortController()
    const { request, options } = question(fast.target)
    const asked = { request, options: { ...options, signal: stop.signal } }
    const warned = vi.fn()
    process.on('warning', warned)
    onTestFinished(() => void process.off('warning', warned))
    const many = Array.from({ length: 12 }, () => ({ ...asked, target: fast.target }))
    for await (const { answer } of dendrite.askMany(many)) expect(answer?.text).toBe('1')
    expect(warned).not.toHaveBeenCalled()
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    setTimeout(() => stop.abort(), 50)
    for await (const { error } of dendrite.askMany([{ ...asked, target: mute.target }])) {
      expect(error?.failure.code).toBe('cancelled')
    }
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    // What it makes is kept as long as the longest-lived of its sources.
    expect(joined).not.toHaveBeenCalled()
  })

  test('of nothing gives nothing, and of a closed dendrite errors', async () => {
    const world = await startWorld()
    const dendrite = new Dendrite(await world.caller('//Bob'))
    for await (const _ of dendrite.askMany([])) expect.unreachable()
    dendrite.close()
    for await (const { error } of dendrite.askMany([question(world.target)])) expect(error?.failure.code).toBe('closed')
    expect(world.axon.sessions).toBe(0)
  })
})

describe('sessions', () => {
  test('one an axon; another for an axon that has moved or changed its key; those no longer wanted are closed', async () => {
    const [one, two] = [await startWorld(), await startWorld()]
    const dendrite = new Dendrite(await one.caller('//Bob'))
    onTestFinished(() => dendrite.close())
    const session = dendrite.session(one.target)
    expect(dendrite.session({ ...one.target })).toBe(session)
    const { publicKey } = generateAxonKey()
    for (const other of [{ host: '127.0.0.2' }, { port: 1 }, { publicKey }, { hotkey: 'x' }]) {
      expect(dendrite.session({ ...one.target, ...other })).not.toBe(session)
    }
    await Promise.all([session.connect(), dendrite.session(two.target).connect()])
    dendrite.keepOnly([one.target])
    await until(() => two.axon.sessions === 0)
    expect(one.axon.sessions).toBe(1)
    expect(dendrite.session(one.target)).toBe(session)
    dendrite.close()
    await until(() => one.axon.sessions === 0)
  })
})

test('pauses grow, are drawn at random and end at 30 s', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const range = failures > 7 ? 30_000 : 250 * 2 ** (failures - 1)
        const pauseMs = backoffMs(failures, random)
        expect(pauseMs).toBeGreaterThanOrEqual(range / 2)
        expect(pauseMs).toBeLessThan(range + 1e-6)
      },
    ),
  )
})

test('an answer stream gives everything in order, to readers that are early or late', async () => {
  const answer = { text: 'x' } as Answer
  const error = new DendriteError('lost', { code: 'connection-lost' })
  const script = fc.array(fc.constantFrom('push' as const, 'read' as const), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(script, fc.boolean(), async (steps, fails) => {
      const stream = new AnswerStream()
      const reads: Promise<IteratorResult<AskEvent, undefined> | DendriteError>[] = []
      const read = (): void => void reads.push(stream.next().catch((reason: DendriteError) => reason))
      let pushed = 0
      for (const step of steps) {
        if (step === 'push') stream.onText(String(pushed++))
        else read()
      }
      if (fails) stream.onError(error)
      else stream.onDone(answer)
      // What comes after the end is nothing.
      stream.onText('late')
      while (reads.length < pushed + 3) read()
      const got = await Promise.all(reads)
      const texts = Array.from({ length: pushed }, (_, i) => ({
        done: false,
        value: { type: 'text', text: String(i) },
      }))
      const end = { done: true, value: undefined }
      const last = fails ? error : { done: false, value: { type: 'done', answer } }
      expect(got).toEqual([...texts, last, ...got.slice(pushed + 1).map(() => end)])
    }),
  )
})
