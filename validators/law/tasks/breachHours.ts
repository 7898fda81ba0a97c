import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'
import { months } from '../months.ts'
import { singular } from '../singular.ts'

const allowedHours = 72

/** A full hour of a day of a month that the task names. */
export interface Moment {
  readonly day: number
  readonly hour: number
}

/**
 * Hours left to notify a personal data breach to the supervisory authority, 72 from becoming aware of it; negative where
 * they have passed.
 *
 * @see Regulation (EU) 2016/679 (GDPR), Article 33(1); Regulation (EEC, Euratom) No 1182/71, Article 3(1)
 */
export const breachHours: TaskFamily = {
  name: 'breach-hours',
  source: 'Regulation (EU) 2016/679 (GDPR), Article 33(1)',
  term: 'the time to notify a data breach',
  rule: 'A controller must notify a data breach that is a risk to people within 72 hours of becoming aware of it, where feasible',
  make: (rng) => {
    const aware = { day: rng.int(1, 23), hour: rng.int(0, 23) }
    return breachHoursTask(rng, aware, { day: aware.day + rng.int(1, 4), hour: rng.int(0, 23) })
  },
}

/** The task for the moment of becoming aware and the present one, in the same month; drawn parts are wording only. */
export function breachHoursTask(rng: Rng, aware: Moment, now: Moment): TaskBody {
  const value = allowedHours - ((now.day - aware.day) * 24 + now.hour - aware.hour)
  const month = rng.pick(months).name
  const shown = ({ day, hour }: Moment): string =>
    rng.pick([`${day} ${month} at ${hour}:00`, `${month} ${day}, ${hour}:00`, `${day} ${month}, ${hour} h`])
  const [from, to] = [shown(aware), shown(now)]
  const firm = firmName(rng)
  const task = numberTask({
    question: compose(rng, {
      subjects: [`${firm} had a data breach`, 'A personal data breach', `A controller, ${firm}, lost customer data`],
      facts: [
        [`it became aware on ${from}`, `the breach was discovered on ${from}`, `knowledge since ${from}`],
        [`it is now ${to}`, `the present time is ${to}`, `the clock shows ${to}`],
        ['the risk to people is real', 'the data were not encrypted', 'customers may be harmed'],
      ],
      asks: [
        'How many hours are left to notify the authority under the GDPR (negative if late)?',
        'Hours remaining for the notification under Article 33 GDPR, negative if late?',
        'In how many hours does the time for notifying the authority end (minus sign if it has passed)?',
      ],
    }),
    working: calc(`${allowedHours}-((${now.day}-${aware.day})*24+${now.hour}-${aware.hour})`, value),
    quantity: value < 0 ? 'The notification is late: the time left' : 'The time left',
    value,
    unit: 'hours',
  })
  return singular(task)
}
