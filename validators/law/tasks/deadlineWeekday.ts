import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { fileNoise } from '../../shared/distract.ts'
import { personName } from '../../shared/names.ts'

/** Numbered from Sunday, 0. */
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const labels = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const

export type Weekday = (typeof weekdays)[number]

/**
 * Weekday on which a period in days ends: the day of the event is not counted; a period that ends on a Saturday, Sunday or
 * legal holiday runs to the next day that is none.
 *
 * @see Federal Rules of Civil Procedure (2024), Rule 6(a)(1)
 */
export const deadlineWeekday: TaskFamily = {
  name: 'deadline-weekday',
  source: 'Federal Rules of Civil Procedure, Rule 6(a)(1)(A)-(C)',
  term: 'the last day of a period',
  rule: 'The last day of a period, counted from the day after the event, moves past Saturdays, Sundays and legal holidays',
  make: (rng) => {
    const target = rng.pick(labels)
    for (;;) {
      const [from, days, holidayMonday] = [rng.pick(labels), rng.int(3, 30), rng.bool()]
      if (endOf(from, days, holidayMonday) === target) return deadlineWeekdayTask(rng, from, days, holidayMonday)
    }
  },
}

/** @param holidayMonday the first Monday after the counted days is a legal holiday */
export function endOf(from: Weekday, days: number, holidayMonday: boolean): Weekday {
  const last = weekdays[(weekdays.indexOf(from) + days) % 7]!
  if (last !== 'Saturday' && last !== 'Sunday') return last
  return holidayMonday ? 'Tuesday' : 'Monday'
}

/** The task for the event's weekday and a period in days, up to 35; drawn parts are wording only. */
export function deadlineWeekdayTask(rng: Rng, from: Weekday, days: number, holidayMonday: boolean): TaskBody {
  const start = weekdays.indexOf(from)
  const sum = start + days
  const place = sum % 7
  const label = endOf(from, days, holidayMonday) as (typeof labels)[number]
  const weeks = [7, 14, 21, 28, 35].map((limit) => `(${sum}>=${limit})`).join('+')
  return labelTask({
    question: compose(rng, {
      subjects: [
        'A time limit runs',
        `Counsel for ${personName(rng)} computes a deadline`,
        'Rule 6(a) applies',
        'Procedural deadline',
      ],
      facts: [
        [
          `the order was served on a ${from}`,
          `service took place on a ${from}`,
          `judgment was entered on a ${from}`,
          `the triggering event fell on a ${from}`,
        ],
        [
          `the response is due within ${days} days`,
          `the period is ${days} days`,
          `the rule gives ${days} days`,
          `the party has ${days} days to act`,
        ],
        holidayMonday
          ? [
              'the first Monday after these days is a legal holiday',
              'a legal holiday falls on the Monday that follows the counted days',
            ]
          : ['no legal holiday is near', 'there is no legal holiday in that time'],
        ...fileNoise(rng).slice(0, 1),
      ],
      asks: [
        'On which weekday does the period end?',
        'Name the weekday of the last day to act.',
        'On what day of the week is the deadline?',
        'Which weekday is the deadline?',
      ],
    }),
    working: [
      `${from} ${start}`,
      calc(`${start}+${days}`, sum),
      calc(`${sum}-7*(${weeks})`, place),
      weekdays[place],
      holidayMonday ? 'holiday' : 'no holiday',
    ].join(', '),
    statement: `The period ends on ${label}.`,
    label,
    labels,
  })
}
