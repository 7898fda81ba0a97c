import { describe, expect, test } from 'vitest'
import type { Coldkey, Hotkey, Rao } from '../../../src/base/units.ts'
import { emissionPerDay } from '../../../src/cli/miner/emissionPerDay.ts'
import type { MinerReport, Pruning } from '../../../src/cli/miner/minerReport.ts'
import { minerStatusText } from '../../../src/cli/miner/minerStatusText.ts'

const report: MinerReport = {
  netuid: 2,
  block: 10_000,
  uid: 3,
  hotkey: 'hot' as Hotkey,
  coldkey: 'cold' as Coldkey,
  incentive: 6_553,
  consensus: 6_000,
  rank: 2,
  neurons: 8,
  emission: { perEpoch: 5n as Rao, perDay: undefined, price: 1n as Rao, isWithheld: false },
  history: { days: [], isCut: false },
  tempoBlocks: 360,
  blockMs: 12_000,
  registeredAtBlock: 9_000,
  immunityLeftBlocks: 0,
  pruning: { freePlaces: 0, place: 2, of: 5, placeAfterImmunity: undefined },
  axon: undefined,
  weighers: [],
}
const line = (name: string, more: Partial<MinerReport>): string | undefined =>
  new RegExp(`^ {2}${name} +(.*)$`, 'm').exec(minerStatusText({ ...report, ...more }, undefined, 0))?.[1]

describe('the standing of a miner in words', () => {
  const pruned = (pruning: Partial<Pruning>, immunityLeftBlocks = 0): string | undefined =>
    line('pruning', { pruning: { ...report.pruning, ...pruning }, immunityLeftBlocks })

  test('says how near its replacement is', () => {
    expect(pruned({})).toBe('number 2 of 5 to be replaced by the next registrations')
    expect(pruned({ freePlaces: 7 })).toBe('number 2 of 5 to be replaced after 7 more registrations')
    expect(pruned({ place: undefined })).toBe('safe')
    expect(pruned({ place: undefined, freePlaces: 7 })).toBe(
      'safe, even when 7 more registrations have filled the subnet',
    )
    expect(pruned({ place: undefined, placeAfterImmunity: 1 }, 9)).toBe(
      'safe; after its immunity number 1, all else as now',
    )
    expect(line('immunity', {})).toBe('over')
    expect(line('immunity', { immunityLeftBlocks: 300 })).toBe('300 blocks (1 h) left')
  })

  test('says what is not known, or not paid', () => {
    expect(line('a day', {})).toBe('not known: the chain has just begun')
    expect(line('emission', { emission: { ...report.emission, isWithheld: true } })).toMatch(/subnet owner's$/)
    expect(line('axon', {})).toMatch(/^none announced/)
    expect(minerStatusText({ ...report, history: { days: [], isCut: true } }, undefined, 0)).toContain('archive node')
    const other = { role: 'miner', hotkey: 'else', answered: 0, unanswered: 0, callers: [] } as const
    expect(minerStatusText(report, { ...other, callers: [] }, 0)).toContain(
      'the miner at this port is another one, else',
    )
    expect(minerStatusText(report, { problem: 'no miner answers' }, 0)).toContain('not known: no miner answers')
  })
})

test('a weight above a consensus of 0 counts for nothing', () => {
  const weigher = { uid: 1, hotkey: 'v' as Hotkey, stake: 1n as Rao, validatorTrust: 0, ageBlocks: 9, share: 0.5 }
  const weighers = [{ ...weigher, counted: 'clipped' as const }]
  expect(minerStatusText({ ...report, weighers }, undefined, 0)).toContain('  up to the consensus  v')
  expect(minerStatusText({ ...report, weighers, consensus: 0 }, undefined, 0)).toContain('  no: the consensus is 0  v')
})

test('an epoch’s emission is a day’s at the pace of the chain', () => {
  const pace = { tempoBlocks: 360, blockMs: 12_000, price: 500_000_000n }
  expect(emissionPerDay(41_000_000_000n, pace)).toEqual({ alpha: 820_000_000_000n, tao: 410_000_000_000n })
  expect(emissionPerDay(1n, { ...pace, tempoBlocks: 0 })).toBeUndefined()
  expect(emissionPerDay(1n, { ...pace, blockMs: undefined })).toBeUndefined()
})
