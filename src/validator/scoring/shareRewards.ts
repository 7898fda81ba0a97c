/** A miner among others with whom it may be one. */
export interface Rewarded {
  readonly hotkey: string
  /** In [0, 1], as if it were alone. */
  readonly score: number
}

/** One source behind several hotkeys. */
export interface Cluster {
  readonly hotkeys: readonly string[]
  /** The member that answers first, if it does so more often than luck would have it. */
  readonly first?: string
}

/**
 * Rewards in which a cluster earns together what one of it would alone. Where one member answers first it gets all of it:
 * the others have its answers from it. Else they share in proportion to their scores, so that whoever only claims to be
 * one with a good miner, e.g. by announcing its address, takes nothing from it.
 *
 * What one would earn is the mean of the scores, each weighted by itself: the best one of many would be the luckiest.
 */
export function shareRewards(miners: readonly Rewarded[], clusters: readonly Cluster[]): Map<string, number> {
  const rewards = new Map(miners.map(({ hotkey, score }) => [hotkey, score]))
  for (const { hotkeys, first } of clusters) {
    const known = hotkeys.filter((hotkey) => rewards.has(hotkey))
    if (first !== undefined && known.includes(first)) {
      for (const hotkey of known) if (hotkey !== first) rewards.set(hotkey, 0)
      continue
    }
    const scores = known.map((hotkey) => rewards.get(hotkey)!)
    const sum = scores.reduce((total, score) => total + score, 0)
    if (sum === 0) continue
    const one = scores.reduce((total, score) => total + score * score, 0) / sum
    for (const [i, hotkey] of known.entries()) rewards.set(hotkey, (one * scores[i]!) / sum)
  }
  return rewards
}
