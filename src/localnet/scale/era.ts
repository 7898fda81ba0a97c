import { ScaleError, type ScaleReader, type ScaleWriter } from './io.ts'
import { type ScaleType, u8, type VariantShape } from './types.ts'

/** How long an extrinsic is valid. `phase` is the birth block modulo `period`; both in blocks. */
export type Era =
  | { readonly type: 'Immortal' }
  | { readonly type: 'Mortal'; readonly period: number; readonly phase: number }

// Periods are powers of two up to 65,536; above 4,096 the phase is kept in steps of period / 4,096.
const quantizeFactor = (period: number): number => Math.max(1, period >> 12)

function mortalBits(period: number, phase: number): number {
  const exponent = Math.log2(period)
  if (!Number.isInteger(exponent) || exponent < 2 || exponent > 16)
    throw new ScaleError(`era: period ${period} is not a power of two from 4 to 65536`)
  if (phase >= period || phase % quantizeFactor(period) !== 0)
    throw new ScaleError(`era: phase ${phase} does not fit period ${period}`)
  return (exponent - 1) | ((phase / quantizeFactor(period)) << 4)
}

const variants: VariantShape[] = [{ name: 'Immortal', index: 0, fields: [] }]
for (let i = 1; i < 256; i++) variants.push({ name: `Mortal${i}`, index: i, fields: [{ type: u8 }] })

/**
 * The era of an extrinsic: one zero byte, or two bytes whose low 4 bits are log2(period) − 1 and whose upper 12 bits
 * are the phase. @see polkadot-sdk `sp_runtime::generic::Era`
 */
export const era: ScaleType<Era> = {
  shape: { kind: 'variant', path: ['sp_runtime', 'generic', 'era', 'Era'], variants },
  minimumBytes: 1,
  encode: (value: Era, out: ScaleWriter) => {
    if (value.type === 'Immortal') out.byte(0)
    else out.u16(mortalBits(value.period, value.phase))
  },
  decode: (input: ScaleReader): Era => {
    const low = input.byte()
    if (low === 0) return { type: 'Immortal' }
    const bits = low | (input.byte() << 8)
    const period = 2 << (bits & 15)
    const phase = (bits >> 4) * quantizeFactor(period)
    if (period < 4 || phase >= period) throw new ScaleError(`era: bytes ${bits.toString(16)} mean no era`)
    return { type: 'Mortal', period, phase }
  },
}

/** The block at which a mortal era began, seen from block `current`. */
export function eraBirth(value: Era, current: number): number {
  if (value.type === 'Immortal') return 0
  return Math.floor((Math.max(current, value.phase) - value.phase) / value.period) * value.period + value.phase
}

/** The first block at which the era is over, seen from block `current`. */
export function eraDeath(value: Era, current: number): number {
  return value.type === 'Immortal' ? Number.POSITIVE_INFINITY : eraBirth(value, current) + value.period
}
