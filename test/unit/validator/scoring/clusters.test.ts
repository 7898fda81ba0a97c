import { expect, test } from 'vitest'
import { makeRng, type Rng } from '../../../../src/base/random.ts'
import { addPairNews, clustersOf, type Pair } from '../../../../src/validator/scoring/clusters.ts'
import { addEvidence, sameSource, taskEvidence } from '../../../../src/validator/scoring/pairEvidence.ts'
import { shareRewards } from '../../../../src/validator/scoring/shareRewards.ts'

interface Said {
  readonly score: number
  readonly claim: string
}

/** Right, or wrong in one of a thousand ways, a fifth of them the mistake that suggests itself. */
const say = (rng: Rng, skill: number): Said => {
  if (rng.bool(skill)) return { score: 1, claim: 'right' }
  return { score: 0, claim: rng.bool(0.2) ? 'the usual mistake' : String(rng.int(0, 999)) }
}

/** Evidence after so many shared tasks. */
function evidenceAfter(tasks: number, skills: [number, number], both: () => [Said, Said], chance = 0): number {
  let evidence = 0
  for (let i = 0; i < tasks; i++) {
    const [a, b] = both()
    const task = { chance, scores: [a.score, b.score], claims: [a.claim, b.claim] } as const
    evidence = addEvidence(evidence, taskEvidence(task, skills))
  }
  return evidence
}

test.each([0.97, 0.9, 0.6, 0.3])('a copy of a miner of %d is known within 200 shared tasks', (skill) => {
  const rng = makeRng(`copies ${skill}`)
  let known = 0
  for (let run = 0; run < 100; run++) {
    const evidence = evidenceAfter(200, [skill, skill], () => {
      const said = say(rng, skill)
      return [said, said]
    })
    if (evidence >= sameSource) known++
  }
  expect(known).toBeGreaterThanOrEqual(90)
})

test.each([
  [0.97, 0.97],
  [0.9, 0.9],
  [0.97, 0.6],
  [0.6, 0.6],
  [0.3, 0.3],
] as const)('miners of %d and %d who think for themselves are never taken for one', (a, b) => {
  const rng = makeRng(`honest ${a} ${b}`)
  for (let run = 0; run < 100; run++) {
    expect(evidenceAfter(400, [a, b], () => [say(rng, a), say(rng, b)])).toBeLessThan(sameSource)
  }
})

test('among yes-or-no answers being wrong in the same way says less', () => {
  const wrong = { chance: 0.5, scores: [0, 0], claims: ['no', 'no'] } as const
  expect(taskEvidence(wrong, [0.7, 0.7])).toBeLessThan(taskEvidence({ ...wrong, chance: 0 }, [0.7, 0.7]))
})

test('being right together is no evidence, however little is known of the two', () => {
  expect(taskEvidence({ chance: 0, scores: [1, 1], claims: ['right', 'right'] }, [0.5, 0.5])).toBe(0)
})

test('refusals are no evidence', () => {
  expect(taskEvidence({ chance: 0, scores: [0, 0], claims: [undefined, undefined] }, [0.7, 0.7])).toBe(0)
})

const pair = (a: string, b: string, more: Partial<Pair> = {}): Pair => ({
  a,
  b,
  evidence: 20,
  aFirst: 0,
  bFirst: 0,
  ...more,
})
const isOne = ({ evidence }: Pair): boolean => evidence >= sameSource

test('whoever is one with a member is one with all; who answers first is told apart from who is lucky', () => {
  const pairs = [pair('a', 'b'), pair('b', 'c'), pair('d', 'e', { evidence: 3 }), pair('x', 'y')]
  expect(clustersOf(pairs, isOne)).toEqual([{ hotkeys: ['a', 'b', 'c'] }, { hotkeys: ['x', 'y'] }])
  const copied = [pair('a', 'b', { aFirst: 60, bFirst: 2 }), pair('a', 'c', { aFirst: 60, bFirst: 2 })]
  expect(clustersOf(copied, isOne)).toEqual([{ hotkeys: ['a', 'b', 'c'], first: 'a' }])
  expect(clustersOf([pair('a', 'b', { aFirst: 34, bFirst: 28 })], isOne)).toEqual([{ hotkeys: ['a', 'b'] }])
})

test('who is first is not hidden by a hotkey that is one by its address and never answers', () => {
  const squatted = [pair('a', 'b', { aFirst: 60, bFirst: 2 }), pair('a', 'z', { evidence: Number.POSITIVE_INFINITY })]
  expect(clustersOf(squatted, isOne)).toEqual([{ hotkeys: ['a', 'b', 'z'], first: 'a' }])
})

/** What is known of each two with one more task, by what each said, in this order. */
function addTask(known: Map<string, Pair>, skills: Record<string, number>, said: readonly [string, Said][]): void {
  for (const [at, [a, one]] of said.entries()) {
    for (const [later, [b, other]] of said.entries()) {
      if (a >= b) continue
      const task = { chance: 0, scores: [one.score, other.score], claims: [one.claim, other.claim] } as const
      const evidence = taskEvidence(task, [skills[a]!, skills[b]!])
      const first = one.claim === other.claim ? { first: at < later ? ('a' as const) : ('b' as const) } : {}
      known.set(`${a} ${b}`, addPairNews(known.get(`${a} ${b}`), { a, b, evidence, ...first }))
    }
  }
}

test.each([0, 0.5])(
  'a copier that is wrong wherever one of two others is does not make those two one (%d)',
  (hasty) => {
    const rng = makeRng(`between two ${hasty}`)
    const skills = { ann: 0.9, ben: 0.9, copier: 0.8 }
    const known = new Map<string, Pair>()
    let joinedWithBoth = 0
    for (let i = 0; i < 600; i++) {
      const [ann, ben] = [say(rng, skills.ann), say(rng, skills.ben)]
      const copier: [string, Said] = ['copier', ann.score === 0 ? ann : ben]
      const honest: [string, Said][] = [
        ['ann', ann],
        ['ben', ben],
      ]
      // It may know the right ones by itself, and is the first to say them then.
      const isHasty = copier[1].score === 1 && rng.bool(hasty)
      addTask(known, skills, isHasty ? [copier, ...honest] : [...rng.shuffle(honest), copier])
      const pairs = [...known.values()]
      if (pairs.filter(isOne).length < 2) continue
      joinedWithBoth++
      const clusters = clustersOf(pairs, isOne)
      expect(clusters).toHaveLength(1)
      expect(clusters[0]!.hotkeys).toHaveLength(2)
      expect(clusters[0]!.hotkeys).toContain('copier')
    }
    expect(joinedWithBoth).toBeGreaterThan(0)
  },
)

test('a copier at the address of another one does not make their sources one, and earns nothing by it', () => {
  const led = { aFirst: 60, bFirst: 2 }
  const sources = [pair('a', 'copy of a', led), pair('b', 'copy of b', led), pair('a', 'b', { evidence: -9 })]
  const strangers = [pair('b', 'copy of a', { evidence: -9 }), pair('a', 'copy of b', { evidence: -9 })]
  const endpoint = pair('copy of a', 'copy of b', { evidence: Number.POSITIVE_INFINITY })
  const differ = pair('copy of a', 'copy of b', { evidence: -9 })
  expect(clustersOf([endpoint, ...strangers, ...sources, differ], isOne)).toEqual([
    { hotkeys: ['a', 'copy of a'], first: 'a' },
    { hotkeys: ['b', 'copy of b'], first: 'b' },
  ])
  expect(clustersOf([endpoint, differ], isOne)).toEqual([{ hotkeys: ['copy of a', 'copy of b'] }])
})

test('two crowds of copies that two of them keep apart are told apart in no time', () => {
  const names = Array.from({ length: 256 }, (_, i) => `miner-${1_000 + i}`)
  const half = names.length / 2
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).map((b, j) => {
      const at = i + 1 + j
      const evidence = i < half === at < half ? 20 : i === half - 1 && at === names.length - 1 ? -5 : 13
      return pair(a, b, { evidence })
    }),
  )
  expect(clustersOf(pairs, isOne).map(({ hotkeys }) => hotkeys.length)).toEqual([half, half])
})

test('who is first in its cluster is not hidden by one that the cluster keeps out', () => {
  const pairs = [
    pair('source', 'zcopy', { aFirst: 60, bFirst: 2 }),
    pair('other', 'source', { aFirst: 30, bFirst: 30 }),
    pair('other', 'zcopy', { evidence: -9 }),
  ]
  expect(clustersOf(pairs, isOne)).toEqual([{ hotkeys: ['source', 'zcopy'], first: 'source' }])
})

test('who is first is a matter of the newest tasks, and a hair breadth is never enough, however long it lasts', () => {
  const rng = makeRng('who is first')
  let known: Pair | undefined
  const firstAfter = (tasks: number, share: number): string | undefined => {
    for (let i = 0; i < tasks; i++) {
      known = addPairNews(known, { a: 'ann', b: 'ben', evidence: 1, first: rng.bool(share) ? 'a' : 'b' })
    }
    return clustersOf([known!], isOne)[0]!.first
  }
  expect(firstAfter(200_000, 1)).toBe('ann')
  expect(firstAfter(20_000, 0)).toBe('ben')
  known = undefined
  expect(firstAfter(300_000, 0.506)).toBe(undefined)
})

const four = (...scores: number[]) => ['a', 'b', 'c', 'd'].map((hotkey, i) => ({ hotkey, score: scores[i]! }))

test('a cluster earns together what one of it would alone', () => {
  const alike = shareRewards(four(0.5, 0.5, 0.4, 0.5), [{ hotkeys: ['a', 'b', 'gone'] }])
  expect([...alike.values()]).toEqual([0.25, 0.25, 0.4, 0.5])
  const copied = shareRewards(four(0.9, 0.8, 0.4, 0.5), [{ hotkeys: ['a', 'b', 'c'], first: 'b' }])
  expect([...copied.values()]).toEqual([0, 0.8, 0, 0.5])
})

test('who is in a cluster without earning anything takes nothing from the others', () => {
  expect(shareRewards(four(0.9, 0, 0, 0.5), [{ hotkeys: ['a', 'b', 'c'] }]).get('a')).toBe(0.9)
  expect([...shareRewards(four(0, 0, 0, 0), [{ hotkeys: ['a', 'b'] }]).values()]).toEqual([0, 0, 0, 0])
})

test('more hotkeys do not earn more by the luckiest of them', () => {
  const rewards = shareRewards(four(0.9, 0.8, 0.7, 0.8), [{ hotkeys: ['a', 'b', 'c', 'd'] }])
  const together = [...rewards.values()].reduce((sum, reward) => sum + reward, 0)
  expect(together).toBeGreaterThan(0.8)
  expect(together).toBeLessThan(0.82)
})
