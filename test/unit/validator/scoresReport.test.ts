import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serveStatus } from '../../../src/base/serveStatus.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import type { Outcome } from '../../../src/validator/answersTable.ts'
import { explainScore, scoresPage } from '../../../src/validator/explainScore.ts'
import type { Miner } from '../../../src/validator/miners.ts'
import { type ScoresView, scoreLines } from '../../../src/validator/scoreLines.ts'
import { explanationSchema, scoresSchema } from '../../../src/validator/scoresReport.ts'
import { openStore, type Store } from '../../../src/validator/store.ts'
import { run } from '../cli/runCommand.ts'
import { identity, scratchFolder } from './scratch.ts'

const clearScreen = '\u001b[2J'

interface Scene {
  readonly path: string
  readonly store: Store
  readonly view: ScoresView
  readonly hotkeys: readonly string[]
}

/** Three miners: a good one, one that copies it, and one that cannot be reached. */
async function scene(): Promise<Scene> {
  const path = join(scratchFolder(), 'scores.db')
  const store = openStore(path, identity)
  const hotkeys = await Promise.all(['//One', '//Two', '//Three'].map(async (uri) => (await pairFromUri(uri)).address))
  const [good, copy, gone] = hotkeys as [string, string, string]
  const target = (hotkey: string, last: number) => {
    return { host: `10.0.${last}.1`, port: 8091, publicKey: new Uint8Array(32).fill(last), hotkey }
  }
  const miners: Miner[] = [
    { uid: 3, hotkey: good, target: target(good, 1) },
    { uid: 5, hotkey: copy, target: target(copy, 2) },
    { uid: 8, hotkey: gone, target: { problem: 'it published no certificate' } },
  ]
  store.declare(good, ['law', 'cooking'])
  store.declare(copy, ['law'])
  const [a, b] = good < copy ? [good, copy] : [copy, good]
  for (let round = 0; round < 40; round++) {
    const about = { domain: 'law', round, family: round % 2 === 0 ? 'hearsay' : 'limitation', chance: 0.5 }
    const isRight = round % 10 !== 0
    const answer = { ...about, kind: 'scored' as const, score: isRight ? 1 : 0, confidence: 0.9, lateness: 0.1 }
    const outcomes: Outcome[] = [
      { ...answer, hotkey: good, note: 'said yes, right is yes', ...(round % 4 === 0 && { covert: true }) },
      { ...answer, hotkey: copy, note: `said ${clearScreen}no, right is yes` },
    ]
    store.record(outcomes, [{ a, b, evidence: isRight ? 0 : 5, first: a === good ? 'a' : 'b' }])
  }
  store.record([
    {
      hotkey: good,
      domain: 'law',
      round: 40,
      family: 'hearsay',
      kind: 'failed',
      score: 0,
      chance: 0.5,
      note: 'timeout',
    },
  ])
  const shares = { law: 3, finance: 1 }
  const domains = ['law', 'finance']
  store.lastSeen.write({ block: 90, miners, domains, shares })
  const scoring = { domains: new Set(domains), shares }
  const view = { hotkey: identity.hotkey, netuid: identity.netuid, block: 90, miners, store, scoring }
  return { path, store, view, hotkeys }
}

test('the table has each miner with its cluster and why it cannot be asked', async () => {
  const { view, store, hotkeys } = await scene()
  onTestFinished(() => store.close())
  const { miners, ...rest } = scoresSchema.parse(JSON.parse(JSON.stringify(scoresPage(view, new URLSearchParams()))))
  expect(rest).toEqual({ hotkey: identity.hotkey, netuid: 1, block: 90, rounds: 0 })
  expect(miners.map(({ uid, answers, cluster, problem }) => [uid, answers, cluster, problem])).toEqual([
    [3, 41, 3, undefined],
    [5, 40, 3, undefined],
    [8, 0, undefined, 'it published no certificate'],
  ])
  expect(miners[0]).toMatchObject({ hotkey: hotkeys[0], domains: ['law'] })
  // The source is first, so the copy gets nothing.
  expect(miners[0]!.reward).toBeGreaterThan(0.3)
  expect(miners[1]!.reward).toBe(0)
  expect(miners[1]!.score).toBeGreaterThan(0.3)
})

test('a uid that is none is named, not taken for another', async () => {
  const { view, store } = await scene()
  onTestFinished(() => store.close())
  for (const uid of ['', ' 3', '0x3', '3.5', 'three']) {
    expect(() => scoresPage(view, new URLSearchParams({ uid }))).toThrow(`uid: ${JSON.stringify(uid)} cannot be used`)
  }
})

test('an explanation has every step, and its figures fit together', async () => {
  const { view, store } = await scene()
  onTestFinished(() => store.close())
  const found = explanationSchema.parse(JSON.parse(JSON.stringify(explainScore(view, { uid: 3 }))))
  const [law] = found.details
  expect(found.details).toHaveLength(1)
  expect(law!.share).toBe(0.75)
  expect(found.score).toBeCloseTo(0.75 * law!.result.score, 12)
  const { sure, calibrationFactor, speedFactor, score } = law!.result
  expect(score).toBeCloseTo(sure * calibrationFactor * speedFactor, 12)
  expect(law!.families.map(({ family, answers }) => [family, answers])).toEqual([
    ['hearsay', 21],
    ['limitation', 20],
  ])
  expect(law!.covert.answers).toBe(10)
  expect(law!.open.answers).toBe(31)
  expect(law!.last[0]).toEqual({
    round: 40,
    family: 'hearsay',
    kind: 'failed',
    score: 0,
    covert: false,
    note: 'timeout',
  })
  expect(found.firstUid).toBe(3)
  expect(found.members.map(({ uid }) => uid)).toEqual([3, 5])
  expect(found.links).toEqual([
    { uid: 5, hotkey: view.miners[1]!.hotkey, why: 'answers', evidence: 20, isOne: true, ownFirst: 40, otherFirst: 0 },
  ])
  expect(() => explainScore(view, { uid: 4 })).toThrow('--uid: 4 cannot be used')
})

test('one certificate needs no evidence', async () => {
  const { view, store } = await scene()
  onTestFinished(() => store.close())
  const [one, two, three] = view.miners as [Miner, Miner, Miner]
  const same = {
    ...view,
    miners: [one, two, { ...three, target: { ...one.target, hotkey: three.hotkey } as Miner['target'] }],
  }
  const { links } = explainScore(same, { uid: 8 })
  expect(links.map(({ uid, why, evidence }) => [uid, why, evidence])).toEqual([
    [3, 'certificate', null],
    [3, 'address', null],
  ])
})

test('the database of a validator that does not run says the same as the validator did', async () => {
  const { view, store, path, hotkeys } = await scene()
  const [lines, explained] = [scoreLines(view), explainScore(view, { uid: 5 })]
  const scores = (...argv: string[]) => run('validator scores', ['--db', path, ...argv])
  // The validator runs.
  await expect(scores()).rejects.toMatchObject({
    failure: { code: 'database-in-use' },
    mend: expect.stringContaining('--status.port'),
  })
  store.close()
  expect((await scores('--json')).json()).toEqual(JSON.parse(JSON.stringify(lines)))
  expect((await scores('--uid', '5', '--explain', '--json')).json()).toEqual(JSON.parse(JSON.stringify(explained)))
  const { out } = await scores('--hotkey', hotkeys[1]!, '--explain')
  expect(out).toContain('uid 3 answers first and gets what it would earn alone')
  expect(out).toContain('wrong in the same way  20.0 nats  yes            0 of 40')
  // What a miner claims is a stranger's text.
  expect(out).not.toContain('\u001b')
  expect((await scores('--uid', '8')).out).toContain('uid 8: it published no certificate')
  await expect(scores('--uid', '4')).rejects.toThrow('--uid: 4')
  await expect(scores('--explain')).rejects.toThrow('--uid is missing')
})

test('looking into a database that is empty, as a kill at the first start leaves it, does not spoil it', async () => {
  const path = join(scratchFolder(), 'empty.db')
  writeFileSync(path, '')
  await expect(run('validator scores', ['--db', path])).rejects.toThrow('it is empty')
  openStore(path, identity).close()
  await expect(run('validator scores', ['--db', path])).rejects.toThrow('has not seen one yet')
})

test('a running validator is asked through its status port', async () => {
  const { view, store } = await scene()
  const pages = { '/scores': (query: URLSearchParams) => scoresPage(view, query) }
  const server = await serveStatus({ port: 0, status: () => ({}), pages })
  onTestFinished(async () => {
    await server.close()
    store.close()
  })
  const scores = (...argv: string[]) => run('validator scores', ['--status.port', String(server.port), ...argv])
  const { out } = await scores()
  expect(out).toMatch(/^ +3 +law +41 +0\.878 .* of uid 3 +5[A-Za-z0-9]{47}$/m)
  expect((await scores('--uid', '3', '--explain')).out).toContain('uid 3 answers first')
  await expect(scores('--uid', '4', '--explain')).rejects.toThrow('there are uids 3, 5, 8')
  await server.close()
  await expect(scores()).rejects.toMatchObject({ failure: { code: 'unreachable' } })
  await expect(run('validator scores', [])).rejects.toThrow('--status.port is missing')
})
