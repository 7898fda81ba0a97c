/**
 * A seeded stream of random numbers: the same seed gives the same draws on every machine and version.
 * Not for keys or nonces.
 */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of it. */
  float(): number
  /** Uniform integer in [min, max], both ends included. */
  int(min: number, max: number): number
  bool(probability?: number): boolean
  pick<T>(items: readonly T[]): T
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[]
  /** An independent stream, named, so that adding draws to one does not shift another. */
  fork(label: string): Rng
}

/**
 * xoshiro128** seeded from the text's 128-bit FNV-like digest.
 *
 * @see Blackman, Vigna, "Scrambled linear pseudorandom number generators", 2018
 */
export function makeRng(seed: string | number): Rng {
  const text = String(seed)
  const state = seedState(text)
  const next = (): number => {
    const s1 = state[1]!
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0
    state[2]! ^= state[0]!
    state[3]! ^= s1
    state[1]! ^= state[2]!
    state[0]! ^= state[3]!
    state[2]! ^= s1 << 9
    state[3] = rotate(state[3]!, 11)
    return result
  }
  const float = (): number => next() / 2 ** 32
  const int = (min: number, max: number): number => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min || max - min >= 2 ** 32) {
      throw new RangeError(`rng.int: [${min}, ${max}] is not a range of at most 2^32 integers`)
    }
    return min + Math.floor(float() * (max - min + 1))
  }
  const rng: Rng = {
    float,
    int,
    bool: (probability = 0.5) => float() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('rng.pick: the list is empty')
      return items[int(0, items.length - 1)]!
    },
    shuffle: (items) => {
      const copy = [...items]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i)
        const swapped = copy[i]!
        copy[i] = copy[j]!
        copy[j] = swapped
      }
      return copy
    },
    fork: (label) => makeRng(`${text}/${label}`),
  }
  return rng
}

function rotate(x: number, k: number): number {
  return ((x << k) | (x >>> (32 - k))) >>> 0
}

/** Every bit of the input changes half of the output's: MurmurHash3's finaliser. */
function avalanche(word: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return again ^ (again >>> 16)
}

function seedState(text: string): Uint32Array {
  const state = new Uint32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x71374491])
  for (let i = 0; i < text.length; i++) {
    for (let lane = 0; lane < 4; lane++) {
      state[lane] = Math.imul(state[lane]! ^ (text.charCodeAt(i) + lane * 0x85eb), 0x01000193 + lane * 2)
      state[lane]! ^= state[lane]! >>> 15
    }
  }
  // Without it texts that differ in their last characters, as seeds of tasks in a row do, would begin alike.
  for (let lane = 0; lane < 4; lane++) state[lane] = avalanche(state[lane]!)
  // A state of zeros would stay zero for ever.
  if (state.every((word) => word === 0)) state[0] = 1
  return state
}
