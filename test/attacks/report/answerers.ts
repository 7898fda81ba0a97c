import type { Answerer } from '../../../src/axon/answer.ts'
import { AnswerError } from '../../../src/axon/axonError.ts'
import { makeRng } from '../../../src/base/random.ts'
import { sleep } from '../../../src/base/sleep.ts'
import type { Session } from '../../../src/dendrite/session.ts'
import type { AskedView, Behaviour, Said } from '../../../src/validator/sim/behaviour.ts'
import type { Exam } from './exam.ts'

/** What a miner of the localnet has to work with. */
export interface Place {
  readonly name: string
  readonly exam: Exam
  /** Whether a hotkey is a validator's as the chain shows it, which every miner can look up. */
  readonly isValidator: (hotkey: string) => boolean
  /** A session with another miner's axon, under this miner's own hotkey. */
  readonly sessionWith: (miner: string) => Session
}

/** How a miner answers, made once it has its place. */
export type Conduct = (place: Place) => Answerer

/** Simulated times are those of models; here they pass so much faster. */
const pace = 0.1
/** Asks of one round of the simulated miners' own clock. */
const asksARound = 4
const traceHash = '00'.repeat(32)
const done = { type: 'done', reason: 'stop', promptTokens: 1, completionTokens: 1, traceHash } as const

/** Answers as a simulated miner does. @param source miners of one source draw the same answers; default: its own name */
export function behaves(behaviour: Behaviour, source?: string): Conduct {
  return ({ name, exam, isValidator }) => {
    let asks = 0
    return async function* ({ request }, { caller, signal }) {
      const task = exam.taskOf(request.messages.at(-1)!.content)
      const round = Math.floor(asks++ / asksARound)
      const rng = makeRng(`${source ?? name}/${task.question}`)
      const said = behaviour({ task, round, covert: !isValidator(caller.hotkey), rng })
      if (said === undefined) throw new AnswerError('come back later', { code: 'busy' })
      await sleep(said.elapsedMs * pace, signal)
      yield { type: 'text', text: said.text }
      yield done
    }
  }
}

/** Asks another miner with its own hotkey, and gives the answer out as its own, in words of its own. */
export function copies(victim: string): Conduct {
  return ({ sessionWith }) =>
    async function* ({ domain, request, deadlineMs }, { signal }) {
      const { text } = await sessionWith(victim).askOnce(request, { domain, timeoutMs: deadlineMs, signal })
      yield { type: 'text', text: `I have thought about it for long.\n${text.split('\n').at(-1)}` }
      yield done
    }
}

/** Hands each question on to another miner, and what that one says piece by piece as it comes. */
export function relays(victim: string): Conduct {
  return ({ sessionWith }) =>
    async function* ({ domain, request, deadlineMs }, { signal }) {
      for await (const event of sessionWith(victim).ask(request, { domain, timeoutMs: deadlineMs, signal })) {
        if (event.type === 'text') yield { type: 'text', text: event.text }
      }
      yield done
    }
}

/** Holds answers to public questions; another question gets the answer to the one that looks most like it. */
export function looksUp(publicTasks: readonly AskedView['task'][]): Behaviour {
  const answers = new Map(publicTasks.map(({ question, answer }) => [question, answer]))
  const indexed = publicTasks.slice(0, 300).map(({ question, answer }) => ({ words: wordsOf(question), answer }))
  return ({ task, rng }): Said => {
    const known = answers.get(task.question) ?? nearest(wordsOf(task.question), indexed)
    return { text: task.truth.kind === 'claims' ? known : `Answer: ${known}`, elapsedMs: 100 + 50 * rng.float() }
  }
}

/** Serves whoever is a validator at once, and others late, but well. */
export function favours(behaviour: Behaviour, lateMs: number): Behaviour {
  return (asked) => {
    const said = behaviour(asked)
    return said && { ...said, elapsedMs: asked.covert ? lateMs / pace : 1 }
  }
}

interface Indexed {
  readonly words: ReadonlySet<string>
  readonly answer: string
}

function nearest(words: ReadonlySet<string>, indexed: readonly Indexed[]): string {
  let best = indexed[0]!
  let most = -1
  for (const one of indexed) {
    let shared = 0
    for (const word of words) if (one.words.has(word)) shared++
    if (shared / (words.size + one.words.size) <= most) continue
    most = shared / (words.size + one.words.size)
    best = one
  }
  return best.answer
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().split(/\W+/))
}
