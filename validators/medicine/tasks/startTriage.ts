import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

export interface Casualty {
  readonly walks: boolean
  /** Per minute; undefined where there is no breath after the airway was opened. */
  readonly breaths: number | undefined
  /** Capillary refill, seconds. */
  readonly refillSeconds: number
  readonly obeys: boolean
}

const labels = ['minor', 'delayed', 'immediate', 'expectant'] as const

export type TriageClass = (typeof labels)[number]

/**
 * Triage of a mass casualty by START: who walks is minor; who does not breathe after the airway was opened is expectant;
 * more than 30 breaths, a refill above two seconds or no obeying of commands is immediate; all others are delayed.
 *
 * @see Super and others, START: Simple Triage and Rapid Treatment Plan (Hoag Memorial Hospital Presbyterian, 1994)
 */
export const startTriage: TaskFamily = {
  name: 'start-triage',
  source: 'Hoag Hospital and Newport Beach Fire Department, START (1983, 1994)',
  term: 'START triage',
  rule: 'START calls walking minor, no breath expectant, breaths above 30, refill above 2 s or not obeying immediate, and all else delayed',
  make: (rng) => {
    const target = rng.pick(labels)
    for (;;) {
      const casualty = {
        walks: rng.bool(0.3),
        breaths: rng.bool(0.7) ? rng.pick([rng.int(10, 30), rng.int(31, 44)]) : undefined,
        refillSeconds: rng.pick([1, 2, 3, 4]),
        obeys: rng.bool(),
      }
      // Nobody walks without breath.
      if (casualty.walks && casualty.breaths === undefined) continue
      if (triageClass(casualty) === target) return startTriageTask(rng, casualty)
    }
  },
}

export function triageClass({ walks, breaths, refillSeconds, obeys }: Casualty): TriageClass {
  if (walks) return 'minor'
  if (breaths === undefined) return 'expectant'
  return breaths > 30 || refillSeconds > 2 || !obeys ? 'immediate' : 'delayed'
}

/** The task for a given casualty; drawn parts are wording only. */
export function startTriageTask(rng: Rng, casualty: Casualty): TaskBody {
  const { walks, breaths, refillSeconds, obeys } = casualty
  const seconds = refillSeconds === 1 ? '1 second' : `${refillSeconds} seconds`
  const name = personName(rng)
  const label = triageClass(casualty)
  const limits = `(${breaths ?? 0}>30)+(${refillSeconds}>2)`
  return labelTask({
    question: compose(rng, {
      subjects: ['A casualty', `Casualty ${name}`, 'After a train accident', `Victim ${rng.int(1, 90)}`, name],
      facts: [
        walks
          ? ['walks', 'is able to walk', 'walks to the collection point']
          : ['cannot walk', 'is unable to walk', 'lies on the ground and does not walk'],
        breaths === undefined
          ? ['no breathing after the airway was opened', 'does not breathe even with an open airway']
          : [`${breaths} breaths per minute`, `breathing ${breaths} times a minute`, `respiratory rate ${breaths}`],
        [`capillary refill ${seconds}`, `refill takes ${seconds}`, `a refill time of ${seconds}`],
        obeys
          ? ['obeys commands', 'follows simple commands', 'does as told']
          : ['obeys no commands', 'follows no commands', 'does not react to commands'],
      ],
      asks: [
        'Which START class: minor, delayed, immediate or expectant?',
        'Triage by START: minor, delayed, immediate or expectant?',
        'Answer minor, delayed, immediate or expectant (START).',
        'By START, is this casualty minor, delayed, immediate or expectant?',
      ],
    }),
    working: [
      walks ? 'walks' : 'no walking',
      breaths === undefined ? 'no breath' : 'breathes',
      calc(limits, Number((breaths ?? 0) > 30) + Number(refillSeconds > 2)),
      obeys ? 'obeys' : 'no obeying',
    ].join(', '),
    statement: `The START class is ${label}.`,
    label,
    labels,
  })
}
