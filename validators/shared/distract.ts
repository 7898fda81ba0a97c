import type { Rng } from 'faculty/defineValidator'

/**
 * Facts that have no bearing on the question, to be read over: none in half of the tasks, else one or two. Their number
 * is the task's level of difficulty beside the size of its numbers.
 *
 * @param pool at least two facts, each a list of alternatives as `compose` takes them
 */
export function distract(rng: Rng, pool: readonly (readonly string[])[]): (readonly string[])[] {
  return rng.shuffle(pool).slice(0, rng.pick([0, 0, 1, 2]))
}

/** What a chart holds beside what matters. */
export function chartNoise(rng: Rng): (readonly string[])[] {
  return distract(rng, [
    [
      `temperature ${(rng.int(360, 389) / 10).toFixed(1)} C`,
      `body temperature ${(rng.int(360, 389) / 10).toFixed(1)} C`,
    ],
    [`platelets ${rng.int(150, 400)}`, `a platelet count of ${rng.int(150, 400)}`],
    ['no known allergies', 'allergic to penicillin', 'allergic to nuts'],
    [`height ${rng.int(150, 195)} cm`, `${rng.int(150, 195)} cm tall`],
    ['a non-smoker', 'a former smoker', 'smokes'],
  ])
}

/** What a report on a firm holds beside what matters. */
export function firmNoise(rng: Rng): (readonly string[])[] {
  return distract(rng, [
    [`founded in ${rng.int(1950, 2015)}`, `in business since ${rng.int(1950, 2015)}`],
    [`${rng.int(20, 900)} employees`, `a staff of ${rng.int(20, 900)}`],
    ['the auditor is new', 'the auditor has not changed'],
    [`${rng.int(2, 60)} branches`, `${rng.int(2, 60)} offices`],
  ])
}

/** What a case file holds beside what matters. */
export function fileNoise(rng: Rng): (readonly string[])[] {
  return distract(rng, [
    ['both sides have counsel', 'the parties are represented'],
    ['the judge was appointed last year', 'the judge is new'],
    [`the file has ${rng.int(20, 900)} pages`, `the record runs to ${rng.int(20, 900)} pages`],
    ['the parties once were friends', 'the parties have known each other for long'],
    [`there are ${rng.int(2, 9)} witnesses`, `${rng.int(2, 9)} witnesses are named`],
  ])
}
