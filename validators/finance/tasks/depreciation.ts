import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { capitalised, compose } from '../../shared/compose.ts'
import { firmNoise } from '../../shared/distract.ts'
import { firmName } from '../../shared/names.ts'

const things = ['a machine', 'a truck', 'a server', 'a press', 'a crane', 'a printer', 'a van', 'an oven']

export interface Asset {
  readonly cost: number
  /** Residual value at the end of its life. */
  readonly residual: number
  readonly lifeYears: number
}

export type Method = 'straight-line' | 'double-declining'

const rules = {
  'straight-line': 'Straight-line depreciation writes off cost less residual value in equal parts over the useful life',
  'double-declining':
    'Double-declining depreciation charges each year twice the straight-line rate on what is left of the cost',
} as const satisfies Record<Method, string>

/**
 * Carrying amount in dollars after some years: by equal yearly charges on cost less residual value, or by twice the
 * straight-line rate on what is left, where the residual value plays no part until it is reached.
 *
 * @see International Accounting Standard 16, Property, Plant and Equipment (2003), paragraphs 53 and 62
 */
export const depreciation: TaskFamily = {
  name: 'depreciation',
  source: 'IAS 16, Property, Plant and Equipment (2003), paragraphs 53 and 62',
  term: 'depreciation',
  rule: 'Depreciation spreads the cost of an asset, less its residual value, over its useful life',
  make: (rng) => {
    const cost = drawMoney(rng, 5000, 400_000)
    const lifeYears = rng.int(4, 20)
    const method = rng.pick(['straight-line', 'double-declining'] as const)
    const years = rng.int(1, lifeYears - 1)
    const left = cost * (1 - 2 / lifeYears) ** years
    // Never down to the residual value, where the declining charge would end.
    const most = Math.floor((method === 'straight-line' ? cost * 0.3 : Math.min(cost * 0.3, left)) * 0.9)
    return depreciationTask(rng, { cost, residual: rng.int(1, Math.max(1, most)), lifeYears }, method, years)
  },
}

/** The task for a given asset after whole years; drawn parts are wording only. */
export function depreciationTask(
  rng: Rng,
  { cost, residual, lifeYears }: Asset,
  method: Method,
  years: number,
): TaskBody {
  const straight = method === 'straight-line'
  const value = straight ? cost - ((cost - residual) / lifeYears) * years : cost * (1 - 2 / lifeYears) ** years
  const [price, rest] = [money(rng, cost), money(rng, residual)]
  const term = years === 1 ? '1 year' : `${years} years`
  const thing = rng.pick(things)
  return {
    ...numberTask({
      question: compose(rng, {
        subjects: [
          `${firmName(rng)} bought ${thing}`,
          `An asset: ${thing}`,
          `${capitalised(thing)} of ${firmName(rng)}`,
        ],
        facts: [
          [`it cost ${price}`, `purchase price ${price}`, `cost ${price}`],
          [`residual value ${rest}`, `salvage value ${rest}`, `${rest} is expected at the end of its life`],
          [`useful life ${lifeYears} years`, `a life of ${lifeYears} years`, `it is used for ${lifeYears} years`],
          [`${method} depreciation`, `depreciated by the ${method} method`, `the method is ${method}`],
          ...firmNoise(rng).slice(0, 1),
        ],
        asks: [
          `What is its book value after ${term}?`,
          `Find the carrying amount after ${term}.`,
          `Compute the book value at the end of ${term}.`,
          `How much is it carried at after ${term}?`,
        ],
      }),
      working: calc(
        straight ? `${cost}-(${cost}-${residual})/${lifeYears}*${years}` : `${cost}*(1-2/${lifeYears})^${years}`,
        value,
      ),
      quantity: 'The carrying amount',
      value,
      unit: 'USD',
    }),
    rule: rules[method],
  }
}
