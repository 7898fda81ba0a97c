import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, operand, type TaskBody } from '../../shared/build.ts'
import { capitalised } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** What a report speaks of, and whether more of it is good (1) or bad (-1) for shareholders. */
const topics = {
  'net sales': 1,
  'operating profit': 1,
  'the order backlog': 1,
  'cash flow': 1,
  'market share': 1,
  'gross margin': 1,
  'the dividend': 1,
  'customer satisfaction': 1,
  'energy costs': -1,
  'net debt': -1,
  'the operating loss': -1,
  'staff turnover': -1,
  'customer complaints': -1,
  'loan defaults': -1,
  'warranty claims': -1,
  'inventory write-offs': -1,
} as const

/** Where it went: 1 up, -1 down, 0 nowhere. */
const moves = {
  rose: 1,
  increased: 1,
  climbed: 1,
  grew: 1,
  'went up': 1,
  fell: -1,
  dropped: -1,
  declined: -1,
  shrank: -1,
  'went down': -1,
  'stayed flat': 0,
  'was unchanged': 0,
  'held steady': 0,
  'did not change': 0,
} as const

const labels = ['positive', 'negative', 'neutral'] as const

export type Topic = keyof typeof topics
export type Move = keyof typeof moves
export type Tone = (typeof labels)[number]

/**
 * Tone of a sentence from a financial report, from a shareholder's view: the direction of what it speaks of, turned round
 * where more of it is bad.
 *
 * @see Malo and others, "Good debt or bad debt: detecting semantic orientations in economic texts", Journal of the
 *   Association for Information Science and Technology 65 (2014) 782
 */
export const statementTone: TaskFamily = {
  name: 'statement-tone',
  source: 'Malo et al., Good debt or bad debt, JASIST 65 (2014) 782-796',
  term: 'the tone of a financial report',
  rule: 'The tone is positive where what is good for shareholders rises or what is bad falls, negative in reverse, else neutral',
  make: (rng) => {
    const target = rng.pick(labels)
    for (;;) {
      const topic = rng.pick(Object.keys(topics) as Topic[])
      const move = rng.pick(Object.keys(moves) as Move[])
      if (toneOf(topic, move) === target) return statementToneTask(rng, topic, move)
    }
  },
}

export function toneOf(topic: Topic, move: Move): Tone {
  const sign = topics[topic] * moves[move]
  return sign > 0 ? 'positive' : sign < 0 ? 'negative' : 'neutral'
}

function statementToneTask(rng: Rng, topic: Topic, move: Move): TaskBody {
  const firm = firmName(rng)
  const label = toneOf(topic, move)
  const [topicSign, moveSign] = [topics[topic], moves[move]]
  const size =
    moveSign === 0 ? '' : rng.pick([` by ${rng.int(2, 60)}%`, ` ${rng.int(2, 60)} percent`, ' sharply', ' a little'])
  const period = rng.pick([
    'in the quarter',
    'over the year',
    `in ${rng.int(1998, 2024)}`,
    'in the first half',
    'in the period',
  ])
  const sentence = rng.pick([
    `${capitalised(topic)} of ${firm} ${move}${size} ${period}.`,
    `At ${firm}, ${topic} ${move}${size} ${period}.`,
    `${firm} said that ${topic} ${move}${size} ${period}.`,
    `${capitalised(period)} ${topic} ${move}${size}, ${firm} reported.`,
  ])
  const aside = rng.pick([
    '',
    '',
    ` The firm has ${rng.int(20, 900)} employees.`,
    ` The report has ${rng.int(20, 200)} pages.`,
    ' The meeting is in May.',
  ])
  const ask = rng.pick([
    'Is the tone positive, negative or neutral for shareholders?',
    'Tone: positive, negative or neutral?',
    "Answer positive, negative or neutral from a shareholder's view.",
    'Classify the tone as positive, negative or neutral.',
  ])
  return labelTask({
    question: `${sentence}${aside} ${ask}`,
    working: `${topic} ${topicSign}, ${move} ${moveSign}, ${calc(`${topicSign}*${operand(moveSign)}`, topicSign * moveSign)}`,
    statement: `The tone is ${label}.`,
    label,
    labels,
  })
}
