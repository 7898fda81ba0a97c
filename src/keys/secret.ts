const inspected = Symbol.for('nodejs.util.inspect.custom')

/**
 * A value that must not be printed by accident: string conversion, `JSON.stringify` and `util.inspect` all give
 * `[secret]`, and only `reveal` gives the value.
 */
export class Secret<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspected](): string {
    return '[secret]'
  }
}
