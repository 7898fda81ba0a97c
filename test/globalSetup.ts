import { build } from './build.mjs'

const once: { [key: symbol]: true | undefined } = globalThis as never
const isBuilt = Symbol.for('faculty/isBuilt')

/** The tests that start the program run what is built, as users do. Each project of vitest.config.ts calls it. */
export default function setup(): void {
  if (once[isBuilt] === true) return
  build()
  once[isBuilt] = true
}
