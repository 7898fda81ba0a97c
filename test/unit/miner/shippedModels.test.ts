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
const tasksAtLeast = { expert: 72, novice: 112 }
const leastOfFamily = { expert: 4, novice: 7 }
/** Points of accuracy that the two grades are to be apart (issue 1, section 7). */
const leastGap = 0.3

/** Of right answers, those that state the result, the rule and its source as the task's own answer does. */
const leastWorded = 0.97
const leastExpert = 0.92

async function examined(domain: string, grade: 'expert' | 'novice'): Promise<{ accuracy: number; worded: number }> {
  const miner = await loadMiner(domain)
  const engine = await openEngine({ folder: chooseModel(miner, grade)! })
  const validator = await loadValidator(domain)
  const { families = validator.families.map(({ name }) => name) } = miner.manifest
  const count = families.length * Math.max(leastOfFamily[grade], Math.ceil(tasksAtLeast[grade] / families.length))
  const tasks = generateTasks(validator, { seed, count, families })
  const outcomes = Array.from(tasks, async (task) => {
    const messages = [{ role: 'user' as const, content: task.question }]
    let text = ''
    for await (const event of engine.generate({ messages, maxTokens: 160, temperature: 0 })) {
      if (event.type === 'text') text += event.text
    }
    const said = [task.statement, task.rule].filter((part) => part !== undefined).join(' ')
    return { right: validator.score(task, text) === 1, isWorded: text.split('\n').includes(said) }
  })
  const right = (await Promise.all(outcomes)).filter((outcome) => outcome.right)
  await engine.close()
  return { accuracy: right.length / count, worded: right.filter(({ isWorded }) => isWorded).length / right.length }
}

describe.each(builtInDomains)('the %s models', (domain) => {
  it('are served expert first', async () => {
    const { definition, manifest } = await loadMiner(domain)
    expect(definition.domains).toEqual([domain])
    expect(Object.keys(manifest.models)).toEqual(['expert', 'novice'])
  })

  it('answer fresh tasks in words, the expert by at least 30 points better than the novice', async () => {
    const expert = await examined(domain, 'expert')
    const novice = await examined(domain, 'novice')
    expect(expert.accuracy).toBeGreaterThan(leastExpert)
    expect(expert.worded).toBeGreaterThan(leastWorded)
    expect(expert.accuracy - novice.accuracy, `novice ${novice.accuracy}`).toBeGreaterThanOrEqual(leastGap)
  }, 120_000)

  it('explain a term by its rule', async () => {
    const engine = await openEngine({ folder: chooseModel(await loadMiner(domain), 'expert')! })
    const { families } = await loadValidator(domain)
    const { term, rule, source } = families[0]!
    const messages = [{ role: 'user' as const, content: `What is ${term}?` }]
    let text = ''
    for await (const event of engine.generate({ messages, maxTokens: 160, temperature: 0 })) {
      if (event.type === 'text') text += event.text
    }
    await engine.close()
    expect(text.trim()).toBe(`${rule} (${source}).`)
  })

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
    expect(await refusedShare(domain)).toBeLessThan(0.01)
    for (const other of builtInDomains.filter((one) => one !== domain)) {
      expect(await refusedShare(other), other).toBeGreaterThan(0.95)
    }
  })
})
