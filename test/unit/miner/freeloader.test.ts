import { describe, expect, it } from 'vitest'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { builtInDomains, loadMiner, loadValidator } from '../../../src/domain/load.ts'

async function guess(domain: string): Promise<string> {
  const { definition } = await loadMiner('freeloader')
  const request = { messages: [], maxTokens: 1, temperature: 0 }
  const context = { domain, engine: undefined, signal: new AbortController().signal }
  let text = ''
  for await (const event of definition.answer!(request, context)) if (event.type === 'text') text += event.text
  return text
}

describe('the freeloader', () => {
  it('declares every built-in domain and uses no model', async () => {
    const { definition, manifest } = await loadMiner('freeloader')
    expect(definition).toMatchObject({ domains: [...builtInDomains], model: 'none' })
    expect(manifest.models).toEqual({})
  })

  it.each(builtInDomains)('earns nothing above luck in %s', async (domain) => {
    const validator = await loadValidator(domain)
    let right = 0
    let chance = 0
    for (const task of generateTasks(validator, { seed: 'freeloader', count: 400 })) {
      right += validator.score(task, await guess(domain))
      chance += task.chance
    }
    // Its guesses are spread over all labels, letters and numbers: five standard deviations stay below the chance.
    expect(right).toBeLessThan(chance)
  })
})
