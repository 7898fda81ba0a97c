import type { DomainDetail } from '../../validator/scoresReport.ts'
import { windowAnswers } from '../../validator/scoring/addAnswers.ts'
import { leastCovert, twoFaced } from '../../validator/scoring/believed.ts'
import { calibrationShare, luckErrors, promptShare, speedShare } from '../../validator/scoring/domainScore.ts'
import { alarm } from '../../validator/scoring/driftWatch.ts'

/** The steps of one domain's score, see docs/scoring.md. */
export function pipelineLines(detail: DomainDetail): [name: string, figure: string, sentence: string][] {
  const { result, share, families, fallEvidence, fallSince } = detail
  const { answers, accuracy, chance, skill, error, sure, brier, calibrationFactor, speedFactor, score } = result
  const pay: [string, string, string] = ['share', percent(share), 'of what the subnet pays goes by this domain.']
  if (answers === 0) return [pay, ['answers', '0', 'it has not been asked yet, so it scores 0.']]
  const asked = families.reduce((sum, family) => sum + family.answers, 0)
  return [
    pay,
    [
      'answers',
      String(asked),
      `asks count, ${windowAnswers} at most; no good receipt, too late or unreadable: scored 0.`,
    ],
    ['honesty', String(answers), honesty(detail)],
    ['accuracy', accuracy.toFixed(4), 'is the mean score of those.'],
    [
      'skill',
      skill.toFixed(4),
      `is (${accuracy.toFixed(4)} - ${chance.toFixed(4)}) / (1 - ${chance.toFixed(4)}): what a guesser gets right is no skill.`,
    ],
    [
      'sure',
      sure.toFixed(4),
      skill === 0
        ? 'is nothing, as there is no skill.'
        : `is skill × max(0, 1 - (${luckErrors} × ${error.toFixed(4)} / skill)²): less what may be luck; ${error.toFixed(4)} is its standard error.`,
    ],
    [
      'calibration',
      `× ${calibrationFactor.toFixed(4)}`,
      `is 1 - ${calibrationShare} × ${brier.toFixed(4)}, the Brier score of its confidences; none counts as even odds.`,
    ],
    [
      'speed',
      `× ${speedFactor.toFixed(4)}`,
      `takes ${percent(speedShare)} at most for late answers; the first ${percent(promptShare)} of the time is free.`,
    ],
    ['score', score.toFixed(4), 'is the product.'],
    [
      'steadiness',
      fallEvidence.toFixed(1),
      fallEvidence === 0
        ? `nats for having become worse; from ${alarm} on what it answered before would be forgotten.`
        : `nats for having become worse over its newest ${fallSince}; from ${alarm} on what it answered before is forgotten.`,
    ],
  ]
}

function honesty({ covert, open, twoFaceEvidence, isTwoFaced }: DomainDetail): string {
  if (covert.answers === 0) return "are believed: none was made to look like an app builder's (see --covert.hotkey)."
  const figures = `${covert.accuracy.toFixed(3)} right of ${covert.answers} that looked like an app builder's, ${open.accuracy.toFixed(3)} of ${open.answers} others`
  if (covert.answers < leastCovert) return `are believed: ${figures}; too few to compare.`
  const evidence = `${twoFaceEvidence.toFixed(1)} nats for being worse to app builders`
  if (isTwoFaced) return `are believed, the app builder's alone: ${figures}, ${evidence}.`
  return `are believed: ${figures}, ${evidence}; from ${twoFaced} on only the first would be.`
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}
