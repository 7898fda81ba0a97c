import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { builtInDomains, loadMiner, loadValidator } from '../../../src/domain/load.ts'
import { limitsSchema, refusalOf } from '../../../src/engine/limits.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { chooseModel } from '../../../src/miner/chooseModel.ts'

/** Of no training run: those use numbers. */
const seed = 'shipped models'
/** Of every family alike, and enough in all that luck does not decide. */
const tasksAtLeast = 112
const leastOfFamily = 7
/** Points of accuracy that the two grades are to be apart (issue 1, section 7). */
const leastGap = 0.3

async function accuracy(domain: string, grade: string): Promise<number> {
  const miner = await loadMiner(domain)
  const engine = await openEngine({ folder: chooseModel(miner, grade)! })
  const validator = await loadValidator(domain)
  const { families = validator.families.map(({ name }) => name) } = miner.manifest
  const count = families.length * Math.max(leastOfFamily, Math.ceil(tasksAtLeast / families.length))
  const tasks = generateTasks(validator, { seed, count, families })
  const scores = Array.from(tasks, async (task) => {
    const messages = [{ role: 'user' as const, content: task.question }]
    let text = ''
    for await (const event of engine.generate({ messages, maxTokens: 160, temperature: 0 })) {
      if (event.type === 'text') text += event.text
    }
    return validator.score(task, text)
  })
  const right = (await Promise.all(scores)).reduce((sum, score) => sum + score, 0)
  await engine.close()
  return right / count
}

describe.each(builtInDomains)('the %s models', (domain) => {
  it('are served expert first', async () => {
    const { definition, manifest } = await loadMiner(domain)
    expect(definition.domains).toEqual([domain])
    expect(Object.keys(manifest.models)).toEqual(['expert', 'novice'])
  })

  it('answer fresh tasks, the expert by at least 30 points better than the novice', async () => {
    const expert = await accuracy(domain, 'expert')
    const novice = await accuracy(domain, 'novice')
    expect(expert - novice, `expert ${expert}, novice ${novice}`).toBeGreaterThanOrEqual(leastGap)
  }, 120_000)

  it('refuse hardly a fresh question of their own domain, and most of the others', async () => {
    const miner = await loadMiner(domain)
    const file = join(chooseModel(miner, 'expert')!, 'limits.json')
    const limits = limitsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const refusedShare = async (asked: string): Promise<number> => {
      const validator = await loadValidator(asked)
      const families = asked === domain ? miner.manifest.families : undefined
      const tasks = [...generateTasks(validator, { seed, count: 500, ...(families && { families }) })]
      return tasks.filter(({ question }) => refusalOf(limits, question) !== undefined).length / tasks.length
    }
    // Two of finance's phrasings are held out whole (variance-note, price-change), so their words are unknown.
    expect(await refusedShare(domain)).toBeLessThan(domain === 'finance' ? 0.03 : 0.01)
    for (const other of builtInDomains.filter((one) => one !== domain)) {
      expect(await refusedShare(other), other).toBeGreaterThan(0.95)
    }
  })
})
