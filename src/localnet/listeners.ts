/** Functions that want to hear of one kind of event. */
export class Listeners<Event> {
  readonly #all = new Set<(event: Event) => void>()

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  /** @returns a function that ends it */
  add(listener: (event: Event) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  /** Those that come or go meanwhile hear of the next event. */
  tell(event: Event): void {
    for (const listener of [...this.#all]) listener(event)
  }
}
