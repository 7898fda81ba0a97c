import type { Rao } from '../../base/units.ts'

export const dayMs = 86_400_000

/** What an emission of one epoch is in a day. Rounded down. */
export function emissionPerDay(
  perEpoch: bigint,
  { tempoBlocks, blockMs, price }: { tempoBlocks: number; blockMs: number | undefined; price: bigint },
): { alpha: Rao; tao: Rao } | undefined {
  if (blockMs === undefined || tempoBlocks === 0) return undefined
  const epochs = dayMs / (tempoBlocks * blockMs)
  // In millionths of an epoch, since a day holds no whole number of them.
  const alpha = (perEpoch * BigInt(Math.round(epochs * 1e6))) / 1_000_000n
  return { alpha: alpha as Rao, tao: ((alpha * price) / 1_000_000_000n) as Rao }
}
