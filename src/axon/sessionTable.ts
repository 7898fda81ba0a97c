import type { Session } from './session.ts'

/** The open sessions of an axon, and how many of them each hotkey has. */
export class SessionTable {
  readonly #sessions = new Set<Session>()
  readonly #perHotkey = new Map<string, number>()

  get size(): number {
    return this.#sessions.size
  }

  countOf(hotkey: string): number {
    return this.#perHotkey.get(hotkey) ?? 0
  }

  add(session: Session): void {
    const { hotkey } = session.caller
    this.#sessions.add(session)
    this.#perHotkey.set(hotkey, this.countOf(hotkey) + 1)
  }

  delete(session: Session): void {
    if (!this.#sessions.delete(session)) return
    const { hotkey } = session.caller
    const left = this.countOf(hotkey) - 1
    if (left > 0) this.#perHotkey.set(hotkey, left)
    else this.#perHotkey.delete(hotkey)
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values()
  }
}
