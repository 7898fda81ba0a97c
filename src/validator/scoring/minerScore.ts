import { type DomainScore, domainScore } from './domainScore.ts'
import type { ScoredAnswer } from './scoredAnswer.ts'

/** What the subnet pays for each domain, by name; only the proportions matter. A domain without an entry has 1. */
export type DomainShares = Readonly<Record<string, number>>

export interface MinerScore {
  /** In [0, 1]: its weight before duplicates share and weights are normalised. */
  readonly score: number
  readonly domains: readonly { readonly domain: string; readonly share: number; readonly result: DomainScore }[]
}

/**
 * A miner's worth over all domains that the validator asks: the sum of its domains' scores, each times the domain's share.
 * A domain that it does not serve earns nothing and costs nothing, so one hotkey that serves three domains well is worth
 * as much as three that serve one each.
 *
 * @param asked the domains that this validator asks
 * @param declared those that the miner says it serves
 */
export function minerScore(
  asked: ReadonlySet<string>,
  declared: readonly string[],
  answers: ReadonlyMap<string, readonly ScoredAnswer[]>,
  shares: DomainShares = {},
): MinerScore {
  const total = [...asked].reduce((sum, domain) => sum + (shares[domain] ?? 1), 0)
  const domains = [...new Set(declared)]
    .filter((domain) => asked.has(domain))
    .map((domain) => ({
      domain,
      share: total === 0 ? 0 : (shares[domain] ?? 1) / total,
      result: domainScore(answers.get(domain) ?? []),
    }))
  return { score: domains.reduce((sum, { share, result }) => sum + share * result.score, 0), domains }
}
