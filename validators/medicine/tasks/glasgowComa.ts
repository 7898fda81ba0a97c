import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { chartNoise } from '../../shared/distract.ts'
import { patientSubjects } from '../patients.ts'

/** What is seen for 1, 2, … points of each of the three responses. */
const responses = {
  eyes: [
    ['eyes stay closed', 'no eye opening', 'does not open the eyes'],
    ['opens the eyes to pain', 'eyes open to pressure', 'eyes open when pinched'],
    ['opens the eyes when spoken to', 'eyes open to speech', 'eyes open to voice'],
    ['eyes open spontaneously', 'eyes are open without stimulus', 'opens the eyes by itself'],
  ],
  speech: [
    ['makes no sound', 'no verbal response', 'silent'],
    ['only moans', 'incomprehensible sounds', 'groans without words'],
    ['single inappropriate words', 'says random words', 'utters words without sense'],
    ['confused conversation', 'talks but is confused', 'disoriented speech'],
    ['oriented conversation', 'speaks and is oriented', 'knows name, place and date'],
  ],
  movement: [
    ['does not move', 'no motor response', 'limbs stay flaccid to pain'],
    ['extends the arms to pain', 'decerebrate posture', 'abnormal extension'],
    ['abnormal flexion to pain', 'decorticate posture', 'flexes abnormally'],
    ['withdraws from pain', 'pulls the arm away from pain', 'normal flexion to pain'],
    ['localises pain', 'reaches for the painful spot', 'moves a hand towards the pain'],
    ['obeys commands', 'moves as told', 'squeezes a hand on request'],
  ],
} as const

const labels = ['3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', '15'] as const

/**
 * Glasgow coma scale, the sum of the eye, verbal and motor response, 3 to 15, all equally often.
 *
 * @see Teasdale, Jennett, "Assessment and prognosis of coma after head injury", Acta Neurochirurgica 34 (1976) 45, which
 *   gives the motor response six points; "Assessment of coma and impaired consciousness", Lancet 304 (1974) 81
 */
export const glasgowComa: TaskFamily = {
  name: 'glasgow-coma',
  source: 'Teasdale and Jennett, Acta Neurochirurgica 34 (1976) 45-55',
  term: 'the Glasgow coma scale',
  rule: 'The Glasgow coma scale grades consciousness by eye response, 1 to 4, plus verbal, 1 to 5, plus motor, 1 to 6',
  make: (rng) => {
    const target = rng.int(3, 15)
    for (;;) {
      const [eyes, speech] = [rng.int(1, 4), rng.int(1, 5)]
      const movement = target - eyes - speech
      if (movement >= 1 && movement <= 6) return glasgowComaTask(rng, eyes, speech, movement)
    }
  },
}

/** The task for the points of the eye (1 to 4), verbal (1 to 5) and motor (1 to 6) response; drawn parts are wording only. */
export function glasgowComaTask(rng: Rng, eyes: number, speech: number, movement: number): TaskBody {
  const score = eyes + speech + movement
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [
        responses.eyes[eyes - 1]!,
        responses.speech[speech - 1]!,
        responses.movement[movement - 1]!,
        ...chartNoise(rng),
      ],
      asks: [
        'What is the Glasgow coma scale?',
        'Work out the GCS.',
        'Give the Glasgow coma score as a number.',
        'How many points on the Glasgow coma scale is that?',
      ],
    }),
    working: `eyes ${eyes}, speech ${speech}, movement ${movement}, ${calc(`${eyes}+${speech}+${movement}`, score)}`,
    statement: `The Glasgow coma score is ${score}.`,
    label: String(score) as (typeof labels)[number],
    labels,
  })
}
