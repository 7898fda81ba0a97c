import type { Rng } from '../../base/random.ts'

/** One who takes part, with the marks that it shares with others: its network, its certificate, those who answer like it. */
export interface Member {
  readonly hotkey: string
  readonly kin: readonly string[]
}

export interface GroupSizes {
  readonly size: number
  /** The same with kin, who are asked together. */
  readonly most: number
}

/** Kin may make a group so many times as large. */
const kinShare = 1.5

/** @param most asks at one time, whatever the kin */
export function groupSizes(size: number, most = Number.POSITIVE_INFINITY): GroupSizes {
  return { size: Math.min(size, most), most: Math.min(Math.floor(size * kinShare), most) }
}

/**
 * Divides members into groups at random, kin together as far as `most` allows: a copy shows only where both have had the
 * same task. The last group may be smaller.
 */
export function groupsOf<M extends Member>(members: readonly M[], { size, most }: GroupSizes, rng: Rng): M[][] {
  const groups: M[][] = []
  const left = new Set(rng.shuffle(members))
  const byMark = new Map<string, M[]>()
  for (const member of left) {
    for (const mark of member.kin) {
      const known = byMark.get(mark)
      if (known === undefined) byMark.set(mark, [member])
      else known.push(member)
    }
  }
  while (left.size > 0) {
    const group: M[] = []
    const take = (member: M): void => {
      group.push(member)
      left.delete(member)
    }
    for (const member of left) {
      if (group.length >= size) break
      take(member)
      for (const other of member.kin.flatMap((mark) => byMark.get(mark)!)) {
        if (group.length >= most) break
        if (left.has(other)) take(other)
      }
    }
    groups.push(group)
  }
  return groups
}
