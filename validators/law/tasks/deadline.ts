import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'
import { months } from '../months.ts'
import { singular } from '../singular.ts'

/** A day of a month, the month counted from 0 for January. */
export interface DayOfMonth {
  readonly month: number
  readonly day: number
}

/**
 * Days left of a period stated in days: the day of the event is not counted, every day after it is, weekends and
 * holidays too.
 *
 * @see Federal Rules of Civil Procedure (2024), Rule 6(a)(1)(A) and (B)
 */
export const deadline: TaskFamily = {
  name: 'deadline',
  source: 'Federal Rules of Civil Procedure, Rule 6(a)(1)(A), (B)',
  term: 'a period stated in days',
  rule: 'A period stated in days leaves out the day of the event and counts every day after it, weekends and holidays too',
  make: (rng) => {
    const sameMonth = rng.bool()
    // The event never lies in February when the count leaves it, so a leap year does not matter.
    const month = rng.pick(sameMonth ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const day = rng.int(1, sameMonth ? 18 : months[month]!.days)
    const today = sameMonth
      ? { month, day: rng.int(day + 1, months[month]!.days) }
      : { month: month + 1, day: rng.int(1, 28) }
    const passed = daysBetween({ month, day }, today)
    return deadlineTask(rng, { month, day }, today, passed + rng.int(1, 60))
  },
}

function daysBetween(event: DayOfMonth, today: DayOfMonth): number {
  return event.month === today.month ? today.day - event.day : months[event.month]!.days - event.day + today.day
}

/** The task for an event, a later day in the same or the next month, and a period in days. */
export function deadlineTask(rng: Rng, event: DayOfMonth, today: DayOfMonth, period: number): TaskBody {
  const from = shownDate(rng, event)
  const now = shownDate(rng, today)
  const days = months[event.month]!.days
  const passed = event.month === today.month ? `${today.day}-${event.day}` : `${days}-${event.day}+${today.day}`
  const value = period - daysBetween(event, today)
  const task = numberTask({
    question: compose(rng, {
      subjects: [
        'A time limit runs',
        `Counsel for ${personName(rng)} watches a deadline`,
        'Procedural deadline',
        'Rule 6(a) applies',
      ],
      facts: [
        [
          `the order was served on ${from}`,
          `service took place on ${from}`,
          `judgment was entered on ${from}`,
          `the triggering event fell on ${from}`,
          `notice was given on ${from}`,
        ],
        [
          `the response is due within ${period} days`,
          `the period is ${period} days`,
          `the rule gives ${period} days`,
          `the party has ${period} days to act`,
          `${period} days are allowed`,
        ],
        [`today is ${now}`, `it is now ${now}`, `the present date is ${now}`, `the calendar shows ${now}`],
      ],
      asks: [
        'How many days are left?',
        'How many days remain?',
        'State the number of days remaining.',
        'Count the days left before the period ends.',
        'In how many days does the period end?',
      ],
    }),
    working: calc(`${period}-(${passed})`, value),
    quantity: 'The time left',
    value,
    unit: 'days',
  })
  return singular(task)
}

function shownDate(rng: Rng, date: DayOfMonth): string {
  const { name } = months[date.month]!
  return rng.bool() ? `${date.day} ${name}` : `${name} ${date.day}`
}
