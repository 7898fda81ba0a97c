import { type DecoderLayout, emptyCache, type FloatValue, type Step, type Value } from './decoderLayout.ts'
import { EngineError } from './engineError.ts'
import type { RowCache } from './rowCache.ts'
import { rowLogits } from './rowLogits.ts'

/** A graph in memory. `onnx.ts` opens it. */
export interface Graph {
  /** @returns the outputs named; throws EngineError `device`, `closed` */
  run(
    inputs: Readonly<Record<string, Value>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, FloatValue>>>
  close(): Promise<void>
}

/** One sequence's caches by themselves, in the order of the layout's slots; no padding. */
export type OwnCache = readonly FloatValue[]

/**
 * Where a graph puts the new token's entry in its cache output: behind the padding (`end`, as graphs do that join the past
 * and the new) or behind the row's own tokens (`own`, as fused attention does that is told each row's length).
 */
export type EntryPlace = 'end' | 'own'

export function ownCache({ cache }: DecoderLayout): OwnCache {
  return cache.map(emptyCache)
}

/**
 * Any number of tokens of one sequence, by itself and without padding: what comes out depends on nothing else.
 *
 * @returns the caches with these tokens, and the logits of the token that follows
 */
export async function stretch(
  graph: Graph,
  layout: DecoderLayout,
  own: OwnCache,
  ids: readonly number[],
): Promise<{ own: OwnCache; logits: Float32Array }> {
  const past = own[0]!.dims[2]!
  const inputs = inputsOf(layout, { rows: [{ ids, past }], places: past }, own)
  const outputs = await graph.run(inputs, [layout.logits, ...layout.cache.map(({ output }) => output)])
  return {
    own: layout.cache.map(({ output }) => outputs[output]!),
    logits: rowLogits(outputs[layout.logits]!, 1)[0]!,
  }
}

/**
 * One token of each row of a cache, whose entries are appended to it.
 *
 * @param rows as many as the cache has; `past` less than the cache's places. A row with no past and id 0 is a dummy.
 * @returns the logits of the tokens that follow, for each row
 */
export async function rowStep(
  graph: Graph,
  layout: DecoderLayout,
  { cache, rows, entryPlace }: { cache: RowCache; rows: Step['rows']; entryPlace: EntryPlace },
): Promise<Float32Array[]> {
  const { places } = cache
  const fetched = layout.cache.map(({ entry, output }) => entry ?? output)
  const inputs = inputsOf(layout, { rows, places }, cache.values())
  const outputs = await graph.run(inputs, [layout.logits, ...fetched])
  fetched.forEach((name, slot) => {
    const source = outputs[name]!
    const alone = layout.cache[slot]!.entry !== undefined
    rows.forEach(({ past }, row) => {
      cache.append(slot, row, past, source, alone ? 0 : entryPlace === 'end' ? places : past)
    })
  })
  return rowLogits(outputs[layout.logits]!, rows.length)
}

function inputsOf({ inputs, cache }: DecoderLayout, step: Step, past: readonly FloatValue[]): Record<string, Value> {
  const all: Record<string, Value> = {}
  for (const { name, value } of inputs) all[name] = value(step)
  cache.forEach(({ input }, slot) => {
    const value = past[slot]
    if (value === undefined) throw new EngineError(`the cache ${input} is missing`, { code: 'bad-output' })
    all[input] = value
  })
  return all
}
