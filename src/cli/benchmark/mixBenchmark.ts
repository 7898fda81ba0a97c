import { z } from 'zod'
import { setting } from '../../base/config.ts'
import { InputError } from '../../base/errors.ts'
import { benchmarkNamed } from '../../domain/benchmarks/benchmarks.ts'
import { mixIn, mostShare } from '../../domain/benchmarks/mixIn.ts'
import type { ValidatorDefinition } from '../../domain/defineValidator.ts'
import { needed } from '../openKeys.ts'

export const mixBenchmarkSettings = {
  'benchmark.dataset': setting(z.string().optional(), {
    help: 'mix in questions of a public set; see faculty benchmark list',
    takes: 'NAME',
  }),
  'benchmark.path': setting(z.string().optional(), { help: 'where that set lies on this machine', takes: 'PATH' }),
  'benchmark.share': setting(z.coerce.number().default(0.05), {
    help: `share of its domain's questions, below ${mostShare}: miners may know the answers by heart`,
    takes: 'SHARE',
  }),
}

interface MixFlags {
  readonly 'benchmark.dataset': string | undefined
  readonly 'benchmark.path': string | undefined
  readonly 'benchmark.share': number
}

/**
 * The validators, one of them with questions of the set that the flags name.
 *
 * @throws InputError also for a set that is not for commerce: a validator earns with what it asks
 */
export function mixBenchmark(validators: readonly ValidatorDefinition[], flags: MixFlags): ValidatorDefinition[] {
  const name = flags['benchmark.dataset']
  if (name === undefined) return [...validators]
  const { domain, licence, isNonCommercial, from, splits, load } = benchmarkNamed(name)
  if (isNonCommercial) {
    throw new InputError(
      '--benchmark.dataset',
      name,
      `a validator earns with what it asks, and its licence is ${licence}`,
    )
  }
  if (!validators.some((validator) => validator.domain === domain)) {
    throw new InputError('--benchmark.dataset', name, `its questions are for ${domain}, which --domains leaves out`)
  }
  const path = needed(flags['benchmark.path'], '--benchmark.path', `give the place of the set; it comes from ${from}`)
  const { groups } = load({ path, split: splits[0]!, allowed: new Set() })
  return validators.map((validator) =>
    validator.domain === domain ? mixIn(validator, groups, flags['benchmark.share']) : validator,
  )
}
