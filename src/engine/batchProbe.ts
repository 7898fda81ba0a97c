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

/** Rows of different tokens and lengths: their prompts, and two tokens that follow. Every vocabulary has these tokens. */
const rows = [
  { promptIds: [1, 2, 3], nextIds: [2, 1] },
  { promptIds: [3, 3, 1, 1, 2], nextIds: [0, 3] },
  { promptIds: [2], nextIds: [3, 3] },
  { promptIds: [0, 1, 0, 2], nextIds: [1, 0] },
  { promptIds: [3, 0, 2, 2, 0, 1, 3], nextIds: [2, 2] },
] as const
type Row = (typeof rows)[number]

/**
 * In these companies a row must have the same logits, bit for bit. Where rows see each other, at most one of them can be
 * the one that the others see, so each is compared between companies that share no other row with it.
 */
const companies: readonly { readonly rows: readonly Row[]; readonly blocks: number }[] = [
  { rows: [rows[0]], blocks: 1 },
  { rows: [rows[4]], blocks: 2 },
  { rows: [rows[0], rows[1]], blocks: 1 },
  { rows: [rows[4], rows[3], rows[2], rows[1], rows[0]], blocks: 2 },
  { rows: [rows[2], rows[3]], blocks: 5 },
  { rows: [rows[4], rows[0]], blocks: 1 },
]

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
      const found: (readonly [Row, Float32Array, isLone: boolean])[] = []
      for (const company of companies) {
        const logits = await logitsIn(graph, layout, company, entryPlace)
        for (const [index, row] of company.rows.entries()) found.push([row, logits[index]!, logits.length === 1])
      }
      if (!found.every(([row, logits]) => row !== rows[0] || isNear(logits, right))) continue
      const inCompany = found.filter(([, , isLone]) => !isLone)
      if (rows.every((row) => allSame(found, row))) {
        return { batching: { minRows: 1, entryPlace }, line: 'batches: the same bits in any company' }
      }
      if (rows.every((row) => allSame(inCompany, row))) {
        return { batching: { minRows: 2, entryPlace }, line: 'batches of 2 and more: the same bits in any company' }
      }
      problem = 'a row depends on those beside it'
    } catch (error) {
      if (!(error instanceof EngineError) || error.failure.code === 'closed') throw error
      problem = 'it does not compute several rows'
    }
  }
  return { batching: undefined, line: `one sequence at a time: ${problem}` }
}

/** Of the first row, after its prompt and both next tokens. */
async function aloneLogits(graph: Graph, layout: DecoderLayout): Promise<Float32Array> {
  const { promptIds, nextIds } = rows[0]
  let { own } = await stretch(graph, layout, ownCache(layout), promptIds)
  own = (await stretch(graph, layout, own, [nextIds[0]])).own
  return (await stretch(graph, layout, own, [nextIds[1]])).logits
}

/** The same of each row of a batch. */
async function logitsIn(
  graph: Graph,
  layout: DecoderLayout,
  company: (typeof companies)[number],
  entryPlace: EntryPlace,
): Promise<Float32Array[]> {
  const cache = new RowCache(layout.cache)
  cache.resize(company.rows.length, company.blocks * blockPlaces)
  for (const [index, { promptIds }] of company.rows.entries()) {
    cache.put(index, (await stretch(graph, layout, ownCache(layout), promptIds)).own)
  }
  const step = (next: 0 | 1): Promise<Float32Array[]> => {
    const ids = company.rows.map(({ promptIds, nextIds }) => ({ ids: [nextIds[next]], past: promptIds.length + next }))
    return rowStep(graph, layout, { cache, rows: ids, entryPlace })
  }
  await step(0)
  return await step(1)
}

function allSame(found: readonly (readonly [Row, Float32Array, boolean])[], row: Row): boolean {
  const logits = found.flatMap(([of, values]) => (of === row ? [values] : []))
  return logits.every((values) => sameBits(values, logits[0]!))
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
