/** Label names and values of one series, e.g. `{ outcome: 'answered' }`. Values must come from a small fixed set. */
export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly value: number
  readonly labels?: Labels
}

export interface Counter {
  /** @throws RangeError where the amount is negative or no number: a counter only rises */
  add(amount: number, labels?: Labels): void
}

export interface Histogram {
  /** A value that is no number is not counted. */
  observe(value: number): void
}

type Kind = 'counter' | 'gauge' | 'histogram'
type Line = readonly [name: string, value: number, labels?: Labels | undefined]

interface Family {
  readonly kind: Kind
  readonly help: string
  readonly lines: () => readonly Line[]
}

/** Upper bounds for durations of asks, in seconds. */
export const secondsBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const

/**
 * A program's figures in Prometheus' text format, version 0.0.4. Names are in base units: seconds, bytes, and `_total` for
 * what only rises.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class Metrics {
  readonly #families = new Map<string, Family>()

  /**
   * A count kept here.
   *
   * @param known series that stand at 0 from the start, so that their first event is seen as a rise; default: the one
   *   without labels
   */
  counter(name: string, help: string, known: readonly Labels[] = [{}]): Counter {
    const series = new Map(known.map((labels) => [labelsText(labels), { value: 0, labels }]))
    const lines = (): Line[] => [...series.values()].map(({ value, labels }) => [name, value, labels])
    this.#declare(name, { kind: 'counter', help, lines })
    return {
      add: (amount, labels = {}) => {
        if (!(amount >= 0)) throw new RangeError(`${name}: ${amount} is no amount by which a counter may rise`)
        const key = labelsText(labels)
        series.set(key, { value: (series.get(key)?.value ?? 0) + amount, labels })
      },
    }
  }

  /** A figure that is kept elsewhere and read at each scrape; undefined where it is not known now. */
  read(
    kind: 'counter' | 'gauge',
    name: string,
    help: string,
    read: () => number | undefined | readonly Sample[],
  ): void {
    const lines = (): readonly Line[] => {
      const found = read()
      if (found === undefined) return []
      return typeof found === 'number' ? [[name, found]] : found.map(({ value, labels }) => [name, value, labels])
    }
    this.#declare(name, { kind, help, lines })
  }

  /** @param bounds upper bounds of the buckets, rising; the bucket for all that is larger comes by itself */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    if (bounds.some((bound, i) => !(bound > (bounds[i - 1] ?? Number.NEGATIVE_INFINITY)))) {
      throw new RangeError(`${name}: the bounds ${bounds.join(', ')} do not rise`)
    }
    const counts = new Array<number>(bounds.length + 1).fill(0)
    let sum = 0
    const lines = (): Line[] => {
      let below = 0
      const buckets = counts.map((count, i): Line => {
        below += count
        return [`${name}_bucket`, below, { le: numberText(bounds[i] ?? Number.POSITIVE_INFINITY) }]
      })
      return [...buckets, [`${name}_sum`, sum], [`${name}_count`, below]]
    }
    this.#declare(name, { kind: 'histogram', help, lines })
    return {
      observe: (value) => {
        if (Number.isNaN(value)) return
        const place = bounds.findIndex((bound) => value <= bound)
        counts[place === -1 ? bounds.length : place]!++
        sum += value
      },
    }
  }

  /** All figures as they stand now. */
  text(): string {
    const blocks = [...this.#families].map(([name, { kind, help, lines }]) => {
      const head = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${kind}`]
      return [...head, ...lines().map(([line, value, labels]) => `${line}${labelsText(labels)} ${numberText(value)}`)]
    })
    return `${blocks.flat().join('\n')}\n`
  }

  #declare(name: string, family: Family): void {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new RangeError(`${name} is no metric name`)
    if (this.#families.has(name)) throw new RangeError(`${name} is declared twice`)
    this.#families.set(name, family)
  }
}

function labelsText(labels: Labels | undefined): string {
  const pairs = Object.entries(labels ?? {})
  if (pairs.length === 0) return ''
  return `{${pairs.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`
}

/** As Go reads floats. */
function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
