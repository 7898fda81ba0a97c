import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import type { Task } from '../../../src/domain/defineValidator.ts'
import { varianceNoteTask } from '../../../validators/finance/tasks/varianceNote.ts'
import { noticeNoteTask } from '../../../validators/law/tasks/noticeNote.ts'
import { labCommentTask } from '../../../validators/medicine/tasks/labComment.ts'
import type { TaskBody } from '../../../validators/shared/build.ts'
import { scoreClaims } from '../../../validators/shared/rubric.ts'
import { scoreFinal } from '../../../validators/shared/scoreFinal.ts'

const rng = makeRng('rubric')

function right(body: TaskBody, texts: readonly string[]): string[] {
  const task: Task = { domain: 'test', family: 'test', ...body }
  return texts.filter((text) => scoreFinal(task, `working\nAnswer: ${text}`) === 1)
}

const high = labCommentTask(rng, { name: 'potassium', unit: 'mmol/L', low: 3.5, high: 5.1, value: 6.3 })
const normal = labCommentTask(rng, { name: 'potassium', unit: 'mmol/L', low: 3.5, high: 5.1, value: 4.5 })
const short = noticeNoteTask(rng, 90, 75)
const early = noticeNoteTask(rng, 30, 41)
const rise = varianceNoteTask(rng, 12_500, 13_750, 14_000)

describe('true statements in other words', () => {
  it.each([
    [
      'a high result',
      high,
      [
        'The potassium is high. It is 1.2 mmol/L above the upper limit.',
        'Potassium is clearly elevated, 1.2 mmol/L above the range.',
        'At 6.3 the potassium is raised: 1.20 over the limit of 5.1.',
        'It is increased because it lies above the range by 1.2 mmol/L; it is not normal.',
        'It exceeds the upper limit: 1.2 above it.',
        'The value isn’t low, it is high. It is 1.2 above the limit.',
        '**The potassium is high.**\nIt is 1.2 mmol/L higher than the upper limit.\nShould it be repeated?',
      ],
    ],
    [
      'a normal result',
      normal,
      [
        'The potassium is normal. It is 1 mmol/L above the lower limit.',
        'It is normal, 1.0 above 3.5.',
        'It lies within the reference range, 1 above its lower limit.',
      ],
    ],
    [
      'a late notice',
      short,
      [
        'The notice is invalid. It is 15 days short.',
        'The notice was not valid, since it came 15 days late.',
        'It was given 75 days before the end but 90 days are needed, so it is ineffective. It falls short by 15 days.',
        'The notice came too late; it is 15 days too short.',
        "The notice isn't timely. Fifteen is the difference: 15 days short.",
      ],
    ],
    [
      'a notice in time',
      early,
      [
        'The notice is valid. It has 11 days to spare.',
        'It was in time and 11 days early.',
        'The notice is not late. It was effective, with 11 days to spare.',
      ],
    ],
    [
      'a rise below budget',
      rise,
      [
        'Revenue rose by 10 percent. It is 250 dollars below the budget.',
        'It grew 10%, from $12,500 to $13,750. That is $250 under the budget of $14,000.',
        'It increased by 10.0 per cent but missed the budget by 250 dollars.',
        'Up 10 percent on the year, 250 dollars below budget.',
      ],
    ],
  ])('%s', (_, body, texts) => {
    expect(right(body, texts)).toEqual(texts)
  })
})

describe('what is wrong, open or contradictory', () => {
  it.each([
    [
      'a high result',
      high,
      [
        'The potassium is low. It is 1.2 mmol/L above the upper limit.',
        'The potassium is high. It is 1.9 mmol/L above the upper limit.',
        'The potassium is high.',
        'It is 1.2 above the limit.',
        'The potassium is not high. It is 1.2 mmol/L above the upper limit.',
        'It is not true that the potassium is high. It is 1.2 above the limit.',
        'It is not true that, as some say, the potassium is high. It is 1.2 above the limit.',
        'The potassium is high. It is 1.2 above the limit. The potassium is normal.',
        'The potassium is high. It is 1.2 above the limit. The potassium is not high.',
        'The potassium is high or low. It is 1.2 above the limit.',
        'If the potassium is high, it is 1.2 above the limit.',
        'Perhaps the potassium is high, 1.2 above the limit.',
        'Is the potassium high? Is it 1.2 above the limit?',
        'The potassium is high. It is 1.1 above the limit. It is 1.2 above the limit.',
        'The potassium is high. It is not 1.2 above the limit.',
        'high low normal 1.2 above below limit',
      ],
    ],
    [
      'a late notice',
      short,
      [
        'The notice is valid. It is 15 days short.',
        'The notice is invalid. It is 16 days short.',
        'The notice is invalid. It has 15 days to spare.',
        'The notice is invalid and the notice is valid. It is 15 days short.',
        'The notice is invalid. It is 15 days short. It has 15 days to spare.',
        'The notice is neither valid nor invalid. It is 15 days short.',
        'It is 75 days before the end, 90 days are required.',
      ],
    ],
    [
      'a rise below budget',
      rise,
      [
        'Revenue fell by 10 percent. It is 250 dollars below the budget.',
        'Revenue rose by 9 percent. It is 250 dollars below the budget.',
        'Revenue rose by 10 percent. It is 250 dollars above the budget.',
        'Revenue rose by 10 percent. It is 350 dollars below the budget.',
        'Revenue rose by 10 percent and fell by 10 percent. It is 250 dollars below the budget.',
        'Revenue rose by 9 percent, 10 percent, 11 percent. It is 250 dollars below the budget.',
        'Revenue did not rise by 10 percent. It is 250 dollars below the budget.',
      ],
    ],
  ])('%s', (_, body, texts) => {
    expect(right(body, texts)).toEqual([])
  })

  it('forbidden statements cost everything', () => {
    const truth = {
      kind: 'claims',
      required: [{ says: ['drug is safe'], denies: [] }],
      forbidden: [{ says: ['take * twice'], denies: [] }],
    } as const
    expect(scoreClaims(truth, 'The drug is safe.')).toBe(1)
    expect(scoreClaims(truth, 'The drug is safe. Take it twice.')).toBe(0)
    expect(scoreClaims(truth, 'The drug is safe. Never take it twice.')).toBe(1)
  })

  it('any text scores 0 or 1, quickly', () => {
    const words = fc.constantFrom(
      'is',
      'high',
      'not',
      'that',
      ',',
      '.',
      '1.2',
      'above',
      'the',
      'limit',
      '\n',
      '*',
      'or',
      '-',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc.array(words, { maxLength: 80 }).map((all) => all.join(' ')),
        ),
        (text) => {
          const { truth } = high
          return truth.kind === 'claims' && [0, 1].includes(scoreClaims(truth, text))
        },
      ),
    )
  })
})
