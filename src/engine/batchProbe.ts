import type { DecoderLayout } from './decoderLayout.ts'
import { type EntryPlace, type Graph, ownCache, rowStep, stretch } from './decoderSteps.ts'
import { EngineError } from './engineError.ts'
import { blockPlaces, RowCache } from './rowCache.ts'

/** How sequences may share a run of a graph. */
export interface Batching {
  /** Fewest rows of a run; where fewer are wanted, dummies join them. */
  readonly minRows: number
  readonly entryPlace: EntryPlace
}

export interface Probed {
  /** Undefined: only one sequence at a time. */
  readonly batching: Batching | undefined
  /** What was found, for people. */
  readonly line: string
}

/** In these companies, by rows and blocks of places, a row must have the same logits, bit for bit. */
const companies = [
  { rows: 1, blocks: 1 },
  { rows: 2, blocks: 1 },
  { rows: 5, blocks: 2 },
  { rows: 2, blocks: 5 },
] as const

/** Tokens that every vocabulary has: the prompt, and two that follow it. */
const promptIds = [1, 2, 3]
const nextIds = [2, 1] as const
/** Of the logits' own range, how far rounding may move them. */
const tolerance = 0.05

/**
 * Tries on a graph whether rows can be padded and computed together, and whether a row's logits are then the same bits in
 * any company. What makes them differ lies in the graph and its kernels: a matrix product of one row may be summed in
 * another order than one of several (then a lone row gets a dummy beside it), and 8-bit graphs that scale all rows
 * together let each row see the others (then they are computed one by one).
 *
 * @throws EngineError where the graph does not even compute one sequence
 */
export async function probeBatching(graph: Graph, layout: DecoderLayout): Promise<Probed> {
  const right = await aloneLogits(graph, layout)
  if (!layout.takesRows) return { batching: undefined, line: 'one sequence at a time: the graph takes one row' }
  const entryPlaces: EntryPlace[] = layout.cache.every(({ entry }) => entry !== undefined) ? ['end'] : ['end', 'own']
  let problem = 'padding changes what it computes'
  for (const entryPlace of entryPlaces) {
    try {
      const found: Float32Array[] = []
      for (const company of companies) found.push(await logitsIn(graph, layout, company, entryPlace))
      if (!found.every((logits) => isNear(logits, right))) continue
      const several = found.slice(1)
      const same = several.every((logits) => sameBits(logits, several[0]!))
      if (same && sameBits(found[0]!, several[0]!)) {
        return { batching: { minRows: 1, entryPlace }, line: 'batches: the same bits in any company' }
      }
      if (same)
        return { batching: { minRows: 2, entryPlace }, line: 'batches of 2 and more: the same bits in any company' }
      problem = 'a row depends on those beside it'
    } catch (error) {
      if (!(error instanceof EngineError) || error.failure.code === 'closed') throw error
      problem = 'it does not compute several rows'
    }
  }
  return { batching: undefined, line: `one sequence at a time: ${problem}` }
}

/** After the prompt and both next tokens. */
async function aloneLogits(graph: Graph, layout: DecoderLayout): Promise<Float32Array> {
  let { own } = await stretch(graph, layout, ownCache(layout), promptIds)
  own = (await stretch(graph, layout, own, [nextIds[0]])).own
  return (await stretch(graph, layout, own, [nextIds[1]])).logits
}

/** The same in a batch whose other rows are of other tokens and another length. */
async function logitsIn(
  graph: Graph,
  layout: DecoderLayout,
  company: (typeof companies)[number],
  entryPlace: EntryPlace,
): Promise<Float32Array> {
  const cache = new RowCache(layout.cache)
  cache.resize(company.rows, company.blocks * blockPlaces)
  const own = (await stretch(graph, layout, ownCache(layout), promptIds)).own
  const other = (await stretch(graph, layout, ownCache(layout), [3, 3, 1, 1, 2])).own
  const lengths = Array.from({ length: company.rows }, (_, row) => (row === 0 ? 3 : 5))
  for (const row of lengths.keys()) cache.put(row, row === 0 ? own : other)
  let logits: Float32Array[] = []
  for (const [step, id] of nextIds.entries()) {
    const rows = lengths.map((length, row) => ({ ids: [row === 0 ? id : row % 3], past: length + step }))
    logits = await rowStep(graph, layout, { cache, rows, entryPlace })
  }
  return logits[0]!
}

function isNear(logits: Float32Array, right: Float32Array): boolean {
  let [low, high, away] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (let i = 0; i < right.length; i++) {
    low = Math.min(low, right[i]!)
    high = Math.max(high, right[i]!)
    away = Math.max(away, Math.abs(logits[i]! - right[i]!))
  }
  return away <= tolerance * (high - low)
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]))
}
