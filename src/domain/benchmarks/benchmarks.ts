import { InputError } from '../../base/errors.ts'
import type { Benchmark } from './benchmark.ts'
import { cuad } from './cuad.ts'
import { finqa } from './finqa.ts'
import { legalbench } from './legalbench.ts'
import { medqa } from './medqa.ts'
import { phrasebank } from './phrasebank.ts'
import { pubmedqa } from './pubmedqa.ts'

/** Every public set that can be read, by domain. */
export const benchmarks: readonly Benchmark[] = [legalbench, cuad, medqa, pubmedqa, finqa, phrasebank]

/** @throws InputError naming those that there are */
export function benchmarkNamed(name: string): Benchmark {
  const found = benchmarks.find((benchmark) => benchmark.name === name)
  if (found !== undefined) return found
  throw new InputError('--dataset', name, `name one of ${benchmarks.map((one) => one.name).join(', ')}`)
}
