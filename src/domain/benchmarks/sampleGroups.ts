import { makeRng } from '../../base/random.ts'
import type { Group, Item } from './benchmark.ts'

export interface Sample {
  /** Most questions: of each group, or of all together. Without one every question is asked. */
  readonly limit: number | undefined
  readonly each: boolean
  /** Same seed, same questions. */
  readonly seed: string
}

/** Draws questions at random, without putting any back. Groups of which none was drawn, or that have none, are left out. */
export function sampleGroups(groups: readonly Group[], sample: Sample): Group[] {
  return draw(groups, sample).filter(({ items }) => items.length > 0)
}

function draw(groups: readonly Group[], { limit, each, seed }: Sample): readonly Group[] {
  if (limit === undefined) return groups
  const rng = makeRng(seed)
  const some = (items: readonly Item[], name: string): Item[] => rng.fork(name).shuffle(items).slice(0, limit)
  if (each) return groups.map((group) => ({ ...group, items: some(group.items, group.name) }))
  const all = groups.flatMap(({ items }) => items)
  const chosen = new Set(some(all, 'all'))
  return groups.map((group) => ({ ...group, items: group.items.filter((item) => chosen.has(item)) }))
}
