/** What was opened and has to be closed. */
export interface Closers {
  /** Closed before all that was added earlier. */
  add(close: () => unknown): void
  /** Closed behind all others. */
  addLast(close: () => unknown): void
  /** Closes each once, one after the other. One that fails keeps no other open; the first failure is thrown at the end. */
  close(): Promise<void>
}

export function makeClosers(): Closers {
  const closers: (() => unknown)[] = []
  return {
    add: (close) => void closers.push(close),
    addLast: (close) => void closers.unshift(close),
    close: async () => {
      const failures: unknown[] = []
      for (const close of closers.splice(0).reverse()) {
        try {
          await close()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
