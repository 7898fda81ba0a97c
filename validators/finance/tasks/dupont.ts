import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal, percent } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/**
 * Return on equity in percent from its three factors: net margin, asset turnover, equity multiplier.
 *
 * @see Robinson, Henry, Pirie, Broihahn, "International Financial Statement Analysis" (CFA Institute, 3rd ed., 2015), chapter 7
 */
export const dupont: TaskFamily = {
  name: 'dupont',
  source: 'CFA Institute, International Financial Statement Analysis, 2015, ch. 7',
  term: 'DuPont analysis',
  rule: 'By DuPont analysis the return on equity is net margin times asset turnover times the equity multiplier',
  make: (rng) =>
    dupontTask(
      rng,
      drawDecimal(rng, 0.8, 25, 1),
      drawDecimal(rng, 0.2, 3.5, rng.pick([1, 2])),
      drawDecimal(rng, 1.1, 5, rng.pick([1, 2])),
    ),
}

/** The task for a net margin in percent, an asset turnover and an equity multiplier; drawn parts are wording only. */
export function dupontTask(rng: Rng, margin: number, turnover: number, multiplier: number): TaskBody {
  const value = margin * turnover * multiplier
  return numberTask({
    question: compose(rng, {
      subjects: [
        firmName(rng),
        'DuPont analysis',
        `Annual report of ${firmName(rng)}`,
        'A company',
        'Ratios of a firm',
      ],
      facts: [
        [
          `net margin ${percent(rng, margin)}`,
          `net profit margin of ${percent(rng, margin)}`,
          `it earns ${percent(rng, margin)} on sales`,
          `profit margin ${percent(rng, margin)}`,
        ],
        [
          `asset turnover ${turnover}`,
          `assets turn over ${turnover} times`,
          `sales to assets ${turnover}`,
          `total asset turnover of ${turnover}`,
        ],
        [
          `equity multiplier ${multiplier}`,
          `leverage (assets to equity) ${multiplier}`,
          `assets are ${multiplier} times equity`,
          `financial leverage of ${multiplier}`,
        ],
      ],
      asks: [
        'What is the return on equity in percent?',
        'Find the ROE in percent.',
        'Compute the return on equity (percent).',
        'Work out the DuPont ROE in percent.',
      ],
    }),
    working: calc(`${margin}*${turnover}*${multiplier}`, value),
    quantity: 'The return on equity',
    value,
    unit: '%',
  })
}
