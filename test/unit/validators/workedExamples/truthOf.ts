import type { Truth } from '../../../../src/domain/defineValidator.ts'

export function numberOf({ truth }: { truth: Truth }): number {
  if (truth.kind !== 'number') throw new Error(`expected a number, not a ${truth.kind}`)
  return truth.value
}

export function labelOf({ truth }: { truth: Truth }): string {
  if (truth.kind === 'label') return truth.label
  if (truth.kind === 'choice') return truth.letter
  throw new Error('expected a label or a letter')
}
