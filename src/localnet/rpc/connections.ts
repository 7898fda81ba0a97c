import type { Session } from './session.ts'

/** All connections of a server, to be disturbed on purpose: that is how clients' resilience is tested. */
export class Connections {
  readonly #sessions = new Set<Session>()
  readonly #closeAll: () => void
  #paused: Promise<void> | undefined
  #refusedUntilMs = 0

  /** @param closeAll cuts every connection, HTTP ones too */
  constructor(closeAll: () => void) {
    this.#closeAll = closeAll
  }

  /** Whether new connections are turned away just now. */
  get isRefusing(): boolean {
    return performance.now() < this.#refusedUntilMs
  }

  add(session: Session): void {
    this.#sessions.add(session)
    if (this.#paused !== undefined) session.hold()
  }

  remove(session: Session): void {
    this.#sessions.delete(session)
  }

  /** Resolves when nothing is paused. */
  async ready(): Promise<void> {
    while (this.#paused !== undefined) await this.#paused
  }

  /** Cuts all connections. @param refuseMs how long new ones are turned away */
  drop(refuseMs = 0): void {
    this.#refusedUntilMs = performance.now() + refuseMs
    this.#closeAll()
  }

  /** Leaves all connections open and silent: nothing is read, answered or told for so long. */
  pause(ms: number): void {
    if (this.#paused !== undefined) return
    for (const session of this.#sessions) session.hold()
    this.#paused = new Promise((resolve) => {
      const end = (): void => {
        this.#paused = undefined
        for (const session of this.#sessions) session.release()
        resolve()
      }
      setTimeout(end, ms).unref()
    })
  }
}
