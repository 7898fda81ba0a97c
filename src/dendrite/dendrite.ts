import { setMaxListeners } from 'node:events'
import { joinSignals } from '../base/joinSignals.ts'
import { toHex } from '../keys/hex.ts'
import type { DendriteError } from './dendriteError.ts'
import type { ChannelOptions } from './openChannel.ts'
import { Session } from './session.ts'
import type { Answer, AskOptions, AskRequest, Target } from './target.ts'

/** One question to one axon, among others. */
export interface Question {
  readonly target: Target
  readonly request: AskRequest
  readonly options: AskOptions
}

export type Outcome<Q extends Question = Question> =
  | { readonly question: Q; readonly answer: Answer; readonly error?: undefined }
  | { readonly question: Q; readonly error: DendriteError; readonly answer?: undefined }

/** The caller's side of a whole subnet: one session an axon, opened when first needed. */
export class Dendrite {
  readonly #options: ChannelOptions
  readonly #sessions = new Map<string, Session>()
  #isClosed = false

  constructor(options: ChannelOptions) {
    this.#options = options
  }

  /** The session with this axon. An axon that has moved or changed its key is another one. */
  session(target: Target): Session {
    const key = keyOf(target)
    const known = this.#sessions.get(key)
    if (known !== undefined) return known
    const session = new Session(target, this.#options)
    if (this.#isClosed) session.close()
    else this.#sessions.set(key, session)
    return session
  }

  /**
   * Asks all at once and gives each outcome when it is there, so the slowest axon delays nobody else's; each question has
   * its own deadline. Never throws for an axon's sake.
   */
  async *askMany<Q extends Question>(questions: readonly Q[]): AsyncGenerator<Outcome<Q>, void> {
    const outcomes: Outcome<Q>[] = []
    let wake = (): void => undefined
    const leave = new AbortController()
    const endings = new Map<AbortSignal | undefined, ReturnType<typeof joinSignals>>()
    for (const { options } of questions) {
      if (endings.has(options.signal)) continue
      const ending = joinSignals([options.signal, leave.signal])
      endings.set(options.signal, ending)
      // One for each question is no leak, of which Node would warn.
      setMaxListeners(0, leave.signal, ending.signal)
    }
    for (const question of questions) {
      const { target, request, options } = question
      const { signal } = endings.get(options.signal)!
      this.session(target)
        .askOnce(request, { ...options, signal })
        .then(
          (answer) => outcomes.push({ question, answer }),
          (error: DendriteError) => outcomes.push({ question, error }),
        )
        .finally(() => wake())
    }
    try {
      for (let given = 0; given < questions.length; given++) {
        if (outcomes[given] === undefined) await new Promise<void>((resolve) => (wake = resolve))
        yield outcomes[given]!
      }
    } finally {
      leave.abort()
      for (const { release } of endings.values()) release()
    }
  }

  /** Closes the sessions with axons that are not among these, after a metagraph was read. */
  keepOnly(targets: readonly Target[]): void {
    const keys = new Set(targets.map(keyOf))
    for (const [key, session] of this.#sessions) {
      if (keys.has(key)) continue
      this.#sessions.delete(key)
      session.close()
    }
  }

  close(): void {
    this.#isClosed = true
    this.keepOnly([])
  }
}

function keyOf({ host, port, publicKey, hotkey }: Target): string {
  return `${hotkey} ${toHex(publicKey)} ${host} ${port}`
}
