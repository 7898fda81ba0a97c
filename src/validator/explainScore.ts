import { InputError } from '../base/errors.ts'
import { groupBy } from '../base/groupBy.ts'
import type { Miner } from './miners.ts'
import { type ScoresView, scoreLine, scoreLines, uidsOf } from './scoreLines.ts'
import type { DomainDetail, Explanation, ScoreLink, Scores } from './scoresReport.ts'
import { twoKinds } from './scoring/believed.ts'
import { sameSource } from './scoring/pairEvidence.ts'
import { rewardsOf, sharedEndpoints } from './scoring/rewards.ts'
import type { ScoredAnswer } from './scoring/scoredAnswer.ts'
import { driftOfAnswers } from './scoring/scoresOf.ts'

/** The newest answers of a domain that are shown. */
const shownAnswers = 10
const shownLinks = 8

/** `GET /scores`: all miners, or with `?uid=` or `?hotkey=` one. @throws InputError for one that is not there */
export function scoresPage(view: ScoresView, query: URLSearchParams): Scores | Explanation {
  const [uid, hotkey] = [query.get('uid'), query.get('hotkey')]
  if (hotkey !== null) return explainScore(view, { hotkey })
  if (uid === null) return scoreLines(view)
  if (!/^\d+$/.test(uid)) throw new InputError('uid', uid, 'give a whole number')
  return explainScore(view, { uid: Number(uid) })
}

/** Every step from a miner's answers to its reward. @throws InputError for one that serves no axon on the subnet */
export function explainScore(
  view: ScoresView,
  target: { readonly uid: number } | { readonly hotkey: string },
): Explanation {
  const { miners, store, scoring } = view
  const miner = minerOf(miners, target)
  const rewards = rewardsOf(miners, store, scoring)
  const own = rewards.get(miner.hotkey)!
  const uids = uidsOf(miners)
  const answers = store.miners.get(miner.hotkey)?.answers
  const members = (own.cluster?.hotkeys ?? []).map((hotkey) => {
    const { reward, own: alone } = rewards.get(hotkey)!
    return { uid: uids.get(hotkey)!, hotkey, score: alone.score, reward }
  })
  const first = own.cluster?.first
  return {
    ...scoreLine(miner, own, { view, uids }),
    rounds: store.rounds,
    details: own.own.domains.map((part) => ({ ...part, ...detailOf(answers?.get(part.domain) ?? []) })),
    members: members.sort((a, b) => a.uid - b.uid),
    ...(first !== undefined && { firstUid: uids.get(first)! }),
    links: linksOf(miner.hotkey, view, uids),
  }
}

function minerOf(miners: readonly Miner[], target: { readonly uid: number } | { readonly hotkey: string }): Miner {
  const found = miners.find(({ uid, hotkey }) => ('uid' in target ? uid === target.uid : hotkey === target.hotkey))
  if (found !== undefined) return found
  const [flag, value] = 'uid' in target ? ['--uid', target.uid] : ['--hotkey', target.hotkey]
  const all = miners.map(({ uid }) => uid).join(', ')
  throw new InputError(flag, value, `no such miner serves an axon; there are ${all === '' ? 'none' : `uids ${all}`}`)
}

function detailOf(answers: readonly ScoredAnswer[]): Omit<DomainDetail, 'domain' | 'share' | 'result'> {
  const { covert, open, evidence, isTwoFaced } = twoKinds(answers)
  const drift = driftOfAnswers(answers)
  const last = answers.slice(-shownAnswers).reverse()
  return {
    covert,
    open,
    twoFaceEvidence: evidence,
    isTwoFaced,
    fallEvidence: drift.evidence,
    fallSince: drift.since,
    // Asks of one that could not be reached are of no family.
    families: [...groupBy(answers, ({ family }) => family)]
      .map(([family, own]) => {
        const mean = (value: (answer: ScoredAnswer) => number): number =>
          own.reduce((sum, answer) => sum + value(answer), 0) / own.length
        const [accuracy, chance] = [mean(({ score }) => score), mean((answer) => answer.chance)]
        return { family, answers: own.length, accuracy, chance }
      })
      .sort((a, b) => (a.family < b.family ? -1 : 1)),
    last: last.map(({ round, family, kind, score, covert: isCovert = false, note = '' }) => {
      return { round, family, kind, score, covert: isCovert, note }
    }),
  }
}

/** What speaks for one source behind this miner and others. */
function linksOf(hotkey: string, { miners, store }: ScoresView, uids: ReadonlyMap<string, number>): ScoreLink[] {
  const about = { evidence: null, isOne: true, ownFirst: 0, otherFirst: 0 }
  const shared = sharedEndpoints(miners)
    .filter(({ a, b }) => a === hotkey || b === hotkey)
    .map(({ a, b, shared: why }) => ({ ...about, hotkey: a === hotkey ? b : a, why }))
  const answered = [...store.pairs.values()]
    .filter(({ a, b, evidence }) => (a === hotkey || b === hotkey) && evidence > 0)
    .sort((a, b) => b.evidence - a.evidence)
    .map(({ a, b, evidence, aFirst, bFirst }) => {
      const [ownFirst, otherFirst] = a === hotkey ? [aFirst, bFirst] : [bFirst, aFirst]
      const [other, isOne] = [a === hotkey ? b : a, evidence >= sameSource]
      return { hotkey: other, why: 'answers' as const, evidence, isOne, ownFirst, otherFirst }
    })
  return [...shared, ...answered]
    .flatMap((link) => {
      const uid = uids.get(link.hotkey)
      return uid === undefined ? [] : [{ ...link, uid }]
    })
    .slice(0, shownLinks)
}
