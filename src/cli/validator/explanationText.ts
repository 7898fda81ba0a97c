import { withoutControls } from '../../base/withoutControls.ts'
import type { Explanation, ScoreLink } from '../../validator/scoresReport.ts'
import { sameSource } from '../../validator/scoring/pairEvidence.ts'
import { table } from '../table.ts'
import { pipelineLines } from './pipelineLines.ts'
import { stepLines } from './stepLines.ts'

/** `faculty validator scores --explain` for people: every step with its figures and what it is for. */
export function explanationText(explanation: Explanation): string {
  const { uid, hotkey, rounds, details, problem, fallen } = explanation
  const notes = [
    ...(problem === undefined ? [] : [`It cannot be asked: ${problem}.`]),
    ...(fallen === undefined
      ? []
      : [`It was found to have become worse in round ${fallen}; what it said before is forgotten.`]),
    ...(details.length === 0 ? ['It has declared no domain that this validator asks, so it earns nothing here.'] : []),
  ]
  return [
    `uid ${uid}, hotkey ${hotkey}, after ${rounds} rounds`,
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    ...details.map(domainText),
    `From the domains to the reward\n\n${stepLines(rewardSteps(explanation))}`,
    `One source?\n\n${linksText(explanation)}`,
  ].join('\n\n')
}

function domainText(detail: Explanation['details'][number]): string {
  const families = table(
    ['FAMILY', 'ANSWERS', 'ACCURACY', 'GUESS'],
    detail.families.map(({ family, answers, accuracy, chance }) => [
      family === '' ? '(not reached)' : family,
      String(answers),
      accuracy.toFixed(3),
      chance.toFixed(3),
    ]),
  )
  const last = table(
    ['ROUND', 'FAMILY', 'SCORE', 'ASKED AS', 'ANSWER'],
    detail.last.map(({ round, family, kind, score, covert, note }) => [
      String(round),
      family,
      score.toFixed(2),
      covert ? 'app builder' : 'validator',
      // What it claims is the miner's text.
      withoutControls(kind === 'failed' ? `none: ${note}` : note).replaceAll(/\s+/g, ' '),
    ]),
  )
  const head = `${detail.domain}: ${detail.result.score.toFixed(4)}`
  const steps = stepLines(pipelineLines(detail))
  if (detail.families.length === 0) return `${head}\n\n${steps}`
  return `${head}\n\n${steps}\n\n${indented(families)}\n\n  The newest answers\n\n${indented(last)}`
}

function rewardSteps({
  details,
  score,
  served,
  reward,
  members,
  firstUid,
  uid,
}: Explanation): [string, string, string][] {
  const parts = details.map(({ share, result }) => `${share.toFixed(3)} × ${result.score.toFixed(4)}`)
  const own =
    parts.length === 0
      ? 'no domain, no score.'
      : `each domain's share of the subnet's pay times its score: ${parts.join(' + ')}.`
  const shared =
    members.length === 0
      ? 'it answers for itself, so its reward is the product (to the power of --scores.power).'
      : firstUid === undefined
        ? `${members.length} miners count as one (uids ${members.map((member) => member.uid).join(', ')}): in proportion to their scores they share what one of them would earn alone.`
        : `of ${members.length} miners that count as one, uid ${firstUid} answers first and gets what it would earn alone; the others have its answers from it${firstUid === uid ? '' : ', so this one gets nothing'}.`
  return [
    ['own score', score.toFixed(4), own],
    [
      'served',
      `× ${served.toFixed(4)}`,
      "is what app builders' questions leave of it, as the gateway tells (see --traffic.url); without any, all.",
    ],
    ['reward', reward.toFixed(4), `${shared} Weights on chain are the rewards, normalised.`],
  ]
}

const whyTexts: Readonly<Record<ScoreLink['why'], string>> = {
  answers: 'wrong in the same way',
  certificate: 'one certificate',
  address: 'one address and port',
}

function linksText({ links }: Explanation): string {
  if (links.length === 0) return '  Nothing speaks for a source that it shares with another miner.'
  const rows = links.map(({ uid, why, evidence, isOne, ownFirst, otherFirst, hotkey }) => [
    String(uid),
    whyTexts[why],
    evidence === null ? 'certain' : `${evidence.toFixed(1)} nats`,
    isOne ? 'yes' : 'no',
    ownFirst + otherFirst === 0 ? '' : `${ownFirst} of ${ownFirst + otherFirst}`,
    hotkey,
  ])
  const head = ['UID', 'WHY', 'EVIDENCE', 'COUNTS AS ONE', 'ANSWERED FIRST', 'HOTKEY']
  return `${indented(table(head, rows))}\n\n  From ${sameSource} nats on two miners count as one; right answers count for nothing.`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
