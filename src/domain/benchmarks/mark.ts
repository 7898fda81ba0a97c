import type { Gold } from './benchmark.ts'
import { declaredAnswer, normalised } from './declaredAnswer.ts'
import { finqaNumber, roundedResult, runProgram } from './finqaProgram.ts'
import { compareSpans, compareTerms, type Found } from './spans.ts'

/** What an answer is worth. */
export interface Mark {
  readonly isRight: boolean
  /** What it declares, in the gold's own terms; undefined where that cannot be read. */
  readonly said: string | undefined
  /** For lists. One that cannot be read names nothing. */
  readonly found?: Found
}

/** Marks a whole answer text against what is right. Pure. */
export function mark(gold: Gold, text: string): Mark {
  const declared = declaredAnswer(text)
  if (gold.kind === 'terms' || gold.kind === 'spans') return markList(gold, declared)
  const said = declared === undefined ? undefined : readAs(gold, declared)
  return { isRight: said !== undefined && said === truthOf(gold), said }
}

/** What a right answer declares, as `Mark.said` has it; lists sorted, `none` for an empty one. */
export function truthOf(gold: Gold): string {
  switch (gold.kind) {
    case 'label':
      return gold.label
    case 'choice':
      return gold.letter
    case 'name':
      return gold.name
    case 'amount':
      return String(gold.value)
    case 'result':
      return resultText(gold.value)
    case 'terms':
      return listText(gold.terms)
    case 'spans':
      return listText(gold.spans)
  }
}

type Single = Exclude<Gold, { kind: 'terms' | 'spans' }>

/** @returns undefined for what is no answer of this kind */
function readAs(gold: Single, declared: string): string | undefined {
  const plain = normalised(declared)
  switch (gold.kind) {
    case 'label':
      return gold.labels.find((label) => normalised(label) === plain)
    case 'choice': {
      // The letter, alone or with its own option.
      const found = Object.entries(gold.options).find(
        ([letter, option]) => plain === letter.toLowerCase() || plain === normalised(`${letter} ${option}`),
      )
      return found?.[0]
    }
    case 'name':
      return plain.includes(normalised(gold.name)) ? gold.name : declared
    case 'amount': {
      const digits = /^\$? ?(\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d)?\.?$/.exec(declared)?.[1]
      if (digits === undefined) return undefined
      const value = Number(digits.replaceAll(',', ''))
      return Math.abs(value - gold.value) < gold.share * gold.value ? String(gold.value) : String(value)
    }
    case 'result': {
      if (plain === 'yes' || plain === 'no') return plain
      const value = finqaNumber(declared.replace(/^(-?)\s?\$\s?/, '$1')) ?? runProgram(declared, gold.table)
      return value === undefined ? undefined : resultText(value)
    }
  }
}

function resultText(value: number | string): string {
  // -0 and 0 are one result.
  return typeof value === 'number' ? String(roundedResult(value) + 0) : value
}

function markList(gold: Extract<Gold, { kind: 'terms' | 'spans' }>, declared: string | undefined): Mark {
  const separator = gold.kind === 'terms' ? ',' : '|'
  const named =
    declared === undefined || normalised(declared) === 'none'
      ? []
      : declared
          .split(separator)
          .map((one) => one.trim())
          .filter((one) => one !== '')
  const found =
    gold.kind === 'terms'
      ? compareTerms(gold.terms.map(normalised), named.map(normalised))
      : compareSpans(gold.spans, named, gold.contained)
  const isRight = declared !== undefined && found.misses === 0 && found.falseAlarms === 0
  return { isRight, said: declared === undefined ? undefined : listText(named), found }
}

function listText(parts: readonly string[]): string {
  return parts.length === 0 ? 'none' : [...parts].sort().join(' | ')
}
