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
 * Rewards in which a cluster earns together what its best member would alone. Where one member answers first it gets all
 * of it: the others have its answers from it. Else they share alike.
 */
export function shareRewards(miners: readonly Rewarded[], clusters: readonly Cluster[]): Map<string, number> {
  const rewards = new Map(miners.map(({ hotkey, score }) => [hotkey, score]))
  for (const { hotkeys, first } of clusters) {
    const known = hotkeys.filter((hotkey) => rewards.has(hotkey))
    const best = Math.max(0, ...known.map((hotkey) => rewards.get(hotkey)!))
    for (const hotkey of known) {
      if (first === undefined || !known.includes(first)) rewards.set(hotkey, best / known.length)
      else rewards.set(hotkey, hotkey === first ? best : 0)
    }
  }
  return rewards
}
