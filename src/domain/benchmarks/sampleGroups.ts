import { makeRng } from '../../base/random.ts'
import type { Group, Item } from './benchmark.ts'

export interface Sample {
  /** Most questions: of each group, or of all together. Without one every question is asked. */
  readonly limit: number | undefined
  readonly each: boolean
  /** Same seed, same questions. */
  readonly seed: string
}

/** Draws questions at random, without putting any back. Groups of which none was drawn are left out. */
export function sampleGroups(groups: readonly Group[], { limit, each, seed }: Sample): Group[] {
  if (limit === undefined) return [...groups]
  const rng = makeRng(seed)
  const draw = (items: readonly Item[], name: string): Item[] => rng.fork(name).shuffle(items).slice(0, limit)
  const drawn = each
    ? groups.map((group) => ({ ...group, items: draw(group.items, group.name) }))
    : kept(
        groups,
        new Set(
          draw(
            groups.flatMap(({ items }) => items),
            'all',
          ),
        ),
      )
  return drawn.filter(({ items }) => items.length > 0)
}

function kept(groups: readonly Group[], chosen: ReadonlySet<Item>): Group[] {
  return groups.map((group) => ({ ...group, items: group.items.filter((item) => chosen.has(item)) }))
}
