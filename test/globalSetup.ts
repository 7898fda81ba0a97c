import { build } from './build.mjs'

/** The tests that start the program run what is built, as users do. */
export default function setup(): void {
  build()
}
