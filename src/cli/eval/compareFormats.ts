import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import type { Dtype } from '../../engine/dtypes.ts'
import { percent, table } from '../table.ts'
import { examine } from './examine.ts'
import { meanOf, type Share, shareOf } from './statistics.ts'
import { withEngine } from './withEngine.ts'

/** One model in two number formats on the same tasks. */
export interface FormatComparison {
  readonly model: string
  /** Of all answers, those of which any character differs. */
  readonly texts: Share
  /** Of all answers, those whose last line, which is what a score reads, differs. */
  readonly answers: Share
  readonly formats: readonly FormatFigures[]
}

interface FormatFigures {
  readonly dtype: Dtype
  /** Share of answers that get full marks, in [0, 1]. */
  readonly right: number
  readonly tokensPerSecond: number
}

export interface Comparing {
  readonly validator: ValidatorDefinition
  readonly tasks: readonly Task[]
  readonly signal: AbortSignal
}

/** Puts each task to the model of a folder in both formats, greedily. */
export async function compareFormats(
  folder: string,
  [one, other]: readonly [Dtype, Dtype],
  comparing: Comparing,
): Promise<FormatComparison> {
  const [first, second] = [await answersIn(one, folder, comparing), await answersIn(other, folder, comparing)]
  const differing = (part: (text: string) => string): Share =>
    shareOf(first.texts.filter((text, i) => part(text) !== part(second.texts[i]!)).length, first.texts.length)
  return {
    model: first.model,
    texts: differing((text) => text),
    answers: differing((text) => text.trimEnd().split('\n').at(-1)!),
    formats: [first.figures, second.figures],
  }
}

async function answersIn(
  dtype: Dtype,
  folder: string,
  { validator, tasks, signal }: Comparing,
): Promise<{ model: string; texts: readonly string[]; figures: FormatFigures }> {
  return await withEngine({ folder, dtype }, async (engine) => {
    const startedAt = performance.now()
    const outcomes = await examine(engine, validator, tasks, signal)
    const seconds = (performance.now() - startedAt) / 1000
    const right = meanOf(outcomes.map((outcome) => Number(outcome.right)))
    const tokens = outcomes.reduce((sum, { completionTokens }) => sum + completionTokens, 0)
    const texts = outcomes.map(({ text }) => text)
    return { model: engine.model.name, texts, figures: { dtype, right, tokensPerSecond: tokens / seconds } }
  })
}

/** For people: a line for each model and format. */
export function comparisonText(comparisons: readonly FormatComparison[], each: number): string {
  const rows = comparisons.flatMap(({ model, texts, answers, formats }) =>
    formats.map(({ dtype, right, tokensPerSecond }, i) => {
      const differ = i === 0 ? ['', ''] : [shown(texts), shown(answers)]
      return [model, dtype, percent(right), String(Math.round(tokensPerSecond)), ...differ]
    }),
  )
  const header = ['model', 'format', 'right', 'tokens/s', 'texts that differ', 'last lines that differ']
  return `${each} tasks of each family from fresh seeds, 95 % intervals\n\n${table(header, rows)}`
}

function shown({ share, low, high, count }: Share): string {
  return `${percent(share)} (${percent(low)} to ${percent(high)}) of ${count}`
}
