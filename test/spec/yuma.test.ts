import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { replay } from '../../src/yuma/replay.ts'
import { parseVectorFile } from '../../src/yuma/vectorFile.ts'
import { yumaFunctions } from './yumaFunctions.ts'

/** Every file dropped into this folder is run; see its `conventions` for the format. */
const folder = new URL('../vectors/yuma/', import.meta.url)

const functionCase = z.looseObject({
  function: z.string(),
  in: z.unknown(),
  out: z.unknown(),
  tolerance: z.number().min(0).default(0),
})

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  describe(file, () => {
    const parsed: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    const vectors = parseVectorFile(parsed)

    for (const vector of vectors.filter(({ kind }) => kind === 'function')) {
      test(vector.name, () => {
        const { function: name, in: input, out, tolerance } = functionCase.parse(vector)
        const run = yumaFunctions[name]
        if (run === undefined) throw new Error(`${file}: ${vector.name}: no function of ours is called ${name}`)
        expectWithin(run(input), out, tolerance, 'out')
      })
    }

    for (const vector of vectors.filter(({ kind }) => kind !== 'function')) {
      test(vector.name, () => {
        const [result] = replay({ format: 'yuma-vectors/1', cases: [vector] }).cases
        if (result === undefined || result.kind === 'skipped') {
          throw new Error(`${file}: ${vector.name}: this runner knows no cases of kind ${vector.kind}`)
        }
        const runs = result.kind === 'epoch' ? [result] : result.steps
        expect(runs.flatMap((run) => run.differences)).toEqual([])
        expect(result.equal).toBe(true)
      })
    }
  })
}

/** Equal in shape; integers, as numbers, strings or bigints, equal to within the tolerance. */
function expectWithin(got: unknown, expected: unknown, tolerance: number, path: string): void {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got)) throw new Error(`${path}: expected a list, got ${String(got)}`)
    expect(got.length, `${path}.length`).toBe(expected.length)
    for (const [i, value] of expected.entries()) expectWithin(got[i], value, tolerance, `${path}.${i}`)
  } else if (typeof expected === 'boolean') {
    expect(got, path).toBe(expected)
  } else {
    const gap = integer(got, path) - integer(expected, path)
    expect(gap <= tolerance && -gap <= tolerance, `${path}: got ${got}, expected ${expected} within ${tolerance}`).toBe(
      true,
    )
  }
}

function integer(value: unknown, path: string): bigint {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') {
    throw new Error(`${path}: expected an integer, got ${String(value)}`)
  }
  return BigInt(value)
}
