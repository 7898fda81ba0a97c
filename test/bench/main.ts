import { messageOf } from '../../src/base/errors.ts'
import { table } from '../../src/cli/table.ts'
import type { BenchCase, BenchResult } from './harness.ts'

// `npm run bench -- NAME [--json]`: runs one benchmark and prints its table; with --json one object as the last line too.
// A target that was missed is a finding, not a failure: the exit code is 0 either way.

const benches: Readonly<Record<string, () => Promise<{ bench: () => Promise<BenchResult> }>>> = {
  axon: () => import('./axon.ts'),
  inference: () => import('./inference.ts'),
  localnet: () => import('./localnet.ts'),
  validator: () => import('./validator.ts'),
  yuma: () => import('./yuma.ts'),
}

const words = process.argv.slice(2)
const names = words.filter((word) => word !== '--json')
const load = benches[names[0] ?? '']
if (names.length !== 1 || load === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--json]\n`)
  process.exit(2)
}
try {
  const { bench } = await load()
  const result = await bench()
  process.stdout.write(`${tableOf(result)}\n`)
  if (words.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exit(0)
} catch (error) {
  process.stderr.write(`bench ${names[0]}: ${messageOf(error)}\n`)
  process.exit(1)
}

function tableOf({ name, cases }: BenchResult): string {
  const header = [name, 'value', 'unit', 'bound', 'ratio', 'target', 'ok']
  return table(header, cases.map(rowOf))
}

function rowOf(one: BenchCase): string[] {
  const { value, unit, bound, ratio, target, ok } = one
  const verdict = target === null ? '' : ok ? 'yes' : 'no'
  return [one.case, figure(value), unit, figure(bound), figure(ratio), figure(target), verdict]
}

/** Four digits of a small figure, whole numbers of a large one. */
function figure(value: number | null): string {
  if (value === null) return ''
  return Math.abs(value) >= 1_000 ? value.toFixed(0) : String(Number(value.toPrecision(4)))
}
