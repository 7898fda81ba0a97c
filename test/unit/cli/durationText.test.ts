import { expect, test } from 'vitest'
import { durationText } from '../../../src/cli/durationText.ts'

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_725_000, '1 h 2 min'],
  [86_400_000 + 59_000, '1 d'],
  [30 * 86_400_000 + 5 * 3_600_000, '30 d 5 h'],
])('%d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text))
