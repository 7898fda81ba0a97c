/** Events from one who does not wait to one who does. */
export interface EventQueue<Event> extends AsyncIterable<Event> {
  push(event: Event): void
  /** What was pushed before is still given out. */
  end(): void
  /** What was pushed before is dropped. Only the first end or failure counts. */
  fail(error: unknown): void
}

/** Of any length: who writes must know a bound. For one reader. */
export function makeEventQueue<Event>(): EventQueue<Event> {
  let events: Event[] = []
  let outcome: { readonly error?: unknown } | undefined
  let wake = (): void => undefined
  const finish = (how: { readonly error?: unknown }): void => {
    if (outcome !== undefined) return
    outcome = how
    if ('error' in how) events = []
    wake()
  }
  return {
    push: (event) => {
      if (outcome !== undefined) return
      events.push(event)
      wake()
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        // Event by event, so that a failure drops what has not been read yet.
        for (let event = events.shift(); event !== undefined; event = events.shift()) yield event
        if (outcome !== undefined) {
          if ('error' in outcome) throw outcome.error
          return
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
