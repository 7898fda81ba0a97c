import { describe, expect, it } from 'vitest'
import { longerNumbers, otherWords, synonyms } from '../../../../src/cli/eval/rewrite.ts'
import { generateTasks } from '../../../../src/domain/generateTasks.ts'
import { builtInDomains, loadValidator } from '../../../../src/domain/load.ts'

describe('longerNumbers', () => {
  it.each([
    ['pH 7.33 and 5.3%', 'pH 7.3300 and 5.300%'],
    ['USD 12,000, of which 1,200.50', 'USD 12,000.00, of which 1,200.5000'],
    ['in 1998 at 14:30, 2.5.', 'in 1998 at 14:30, 2.500.'],
    ['mL/min/1.73m2', 'mL/min/1.73m2'],
  ])('%s', (question, longer) => {
    expect(longerNumbers(question)).toBe(longer)
  })

  it.each(builtInDomains)('changes no value in %s', async (domain) => {
    const validator = await loadValidator(domain)
    const values = (text: string): number[] =>
      (text.replaceAll(/(?<=\d),(?=\d{3})/g, '').match(/\d+(?:\.\d+)?/g) ?? []).map(Number)
    for (const { question } of generateTasks(validator, { seed: 5, count: 10 * validator.families.length })) {
      expect(values(longerNumbers(question))).toEqual(values(question))
    }
  })
})

describe('otherWords', () => {
  it('keeps a capital and leaves parts of words alone', () => {
    expect(otherWords('Find the price: priceless, PRICE.')).toBe('Obtain the quotation: priceless, Quotation.')
  })

  it('puts in only words that no family uses for it', async () => {
    const texts: string[] = []
    for (const domain of builtInDomains) {
      const validator = await loadValidator(domain)
      const tasks = generateTasks(validator, { seed: 6, count: 60 * validator.families.length })
      texts.push(...[...tasks].map(({ question }) => question.toLowerCase()))
    }
    const used = (words: string): boolean => texts.some((text) => new RegExp(`\\b${words}\\b`).test(text))
    expect(Object.keys(synonyms).filter((word) => !used(word))).toEqual([])
    expect(Object.values(synonyms).filter(used)).toEqual([])
  })
})
