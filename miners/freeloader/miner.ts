import { defineMiner, type EngineEvent } from 'faculty/defineMiner'

/*
 * What a miner looks like that wants emission without work: it declares every domain and guesses at once, without a model
 * and without reading the question. Its guesses have the right look, and are right no more often than luck would have it,
 * so the validators' rule that luck earns nothing leaves it with nothing.
 */

const labels = [
  ...['yes', 'no', 'timely', 'barred', 'hearsay', 'not hearsay'],
  ...['metabolic acidosis', 'metabolic alkalosis', 'respiratory acidosis', 'respiratory alkalosis'],
  ...['premium', 'discount', 'par'],
]
const letters = ['A', 'B', 'C', 'D']

export default defineMiner({
  domains: ['law', 'medicine', 'finance'],
  model: 'none',
  async *answer(): AsyncGenerator<EngineEvent, void> {
    const text = `Answer: ${guess()}`
    yield { type: 'text', text }
    const traceHash = hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
    yield { type: 'done', reason: 'stop', promptTokens: 0, completionTokens: 0, traceHash }
  },
})

/** A label, a letter or a number, each as often. Numbers have odd cents, as sums of money have. */
function guess(): string {
  switch (below(3)) {
    case 0:
      return labels[below(labels.length)]!
    case 1:
      return letters[below(letters.length)]!
    default:
      return (below(1_000_000) / 100).toFixed(2)
  }
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit)
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
