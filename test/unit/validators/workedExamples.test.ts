import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import type { Truth } from '../../../src/domain/defineValidator.ts'
import { classOf } from '../../../validators/finance/tasks/balanceSheet.ts'
import { bondPriceTask } from '../../../validators/finance/tasks/bondPrice.ts'
import { bondQuoteTask } from '../../../validators/finance/tasks/bondQuote.ts'
import { capmTask } from '../../../validators/finance/tasks/capm.ts'
import { dupontTask } from '../../../validators/finance/tasks/dupont.ts'
import { loanPaymentTask } from '../../../validators/finance/tasks/loanPayment.ts'
import { netPresentValueTask } from '../../../validators/finance/tasks/netPresentValue.ts'
import { deadlineTask } from '../../../validators/law/tasks/deadline.ts'
import { diversityTask } from '../../../validators/law/tasks/diversity.ts'
import { gdprFineTask } from '../../../validators/law/tasks/gdprFine.ts'
import { hearsayTask } from '../../../validators/law/tasks/hearsay.ts'
import { limitationTask } from '../../../validators/law/tasks/limitation.ts'
import { precedentTask } from '../../../validators/law/tasks/precedent.ts'
import { statutoryInterestTask } from '../../../validators/law/tasks/statutoryInterest.ts'
import { acidBaseTask } from '../../../validators/medicine/tasks/acidBase.ts'
import { anionGapTask } from '../../../validators/medicine/tasks/anionGap.ts'
import { antidoteFor } from '../../../validators/medicine/tasks/antidote.ts'
import { cha2ds2VascScore } from '../../../validators/medicine/tasks/cha2ds2Vasc.ts'
import { correctedCalciumTask } from '../../../validators/medicine/tasks/correctedCalcium.ts'
import { creatinineClearanceTask } from '../../../validators/medicine/tasks/creatinineClearance.ts'
import { parklandTask } from '../../../validators/medicine/tasks/parkland.ts'
import { qtcTask } from '../../../validators/medicine/tasks/qtc.ts'

const rng = makeRng('worked examples')

function numberOf({ truth }: { truth: Truth }): number {
  if (truth.kind !== 'number') throw new Error(`expected a number, not a ${truth.kind}`)
  return truth.value
}

function labelOf({ truth }: { truth: Truth }): string {
  if (truth.kind === 'label') return truth.label
  if (truth.kind === 'choice') return truth.letter
  throw new Error('expected a label or a letter')
}

// Each figure is one that others have published for the same inputs; digits beyond the published ones are not tested.
describe('medicine', () => {
  it('Cockcroft-Gault: teaching examples of 72.9, 74.1 and (in a woman) 80.9 mL/min', () => {
    expect(numberOf(creatinineClearanceTask(rng, 70, 75, 1, 'male'))).toBeCloseTo(72.9, 1)
    expect(numberOf(creatinineClearanceTask(rng, 60, 80, 1.2, 'male'))).toBeCloseTo(74.1, 1)
    // Published as 80.9, cut from 80.998.
    expect(Math.trunc(numberOf(creatinineClearanceTask(rng, 45, 65, 0.9, 'female')) * 10) / 10).toBe(80.9)
  })

  it('anion gap: sodium 140, chloride 104, bicarbonate 24 make the textbook normal of 12', () => {
    expect(numberOf(anionGapTask(rng, 140, 104, 24))).toBe(12)
  })

  it('corrected calcium: 8.0 mg/dL with an albumin of 2.0 g/dL is 9.6; at 4.0 g/dL nothing changes', () => {
    expect(numberOf(correctedCalciumTask(rng, 8, 2))).toBeCloseTo(9.6, 10)
    expect(numberOf(correctedCalciumTask(rng, 9.1, 4))).toBe(9.1)
  })

  it('CHA2DS2-VASc: 0 for a healthy man of 60, 9 at most, age counted at 65 and twice at 75', () => {
    const none = [false, false, false, false, false]
    expect(cha2ds2VascScore(60, 'male', none)).toBe(0)
    expect(cha2ds2VascScore(80, 'female', [true, true, true, true, true])).toBe(9)
    expect([64, 65, 74, 75].map((age) => cha2ds2VascScore(age, 'male', none))).toEqual([0, 1, 1, 2])
    // Lip 2010: stroke counts double, the other conditions once.
    expect(
      none.map((_, place) =>
        cha2ds2VascScore(
          40,
          'male',
          none.map((_, other) => other === place),
        ),
      ),
    ).toEqual([1, 1, 1, 2, 1])
  })

  it('acid-base: the four textbook corners', () => {
    expect(labelOf(acidBaseTask(rng, 7.2, 60))).toBe('respiratory acidosis')
    expect(labelOf(acidBaseTask(rng, 7.2, 25))).toBe('metabolic acidosis')
    expect(labelOf(acidBaseTask(rng, 7.55, 25))).toBe('respiratory alkalosis')
    expect(labelOf(acidBaseTask(rng, 7.55, 50))).toBe('metabolic alkalosis')
  })

  it('QTc: 480 ms at 64 per minute is 496 ms by Bazett; at 60 per minute nothing changes', () => {
    expect(numberOf(qtcTask(rng, 480, 64))).toBeCloseTo(496, -0.3)
    expect(numberOf(qtcTask(rng, 400, 60))).toBe(400)
  })

  it('Parkland: 75 kg and 20 % make 6,000 mL; 90 kg and 40 % make 14,400 mL, 7,200 of them in 8 hours', () => {
    expect(numberOf(parklandTask(rng, 75, 20, 'day'))).toBe(6000)
    expect(numberOf(parklandTask(rng, 90, 40, 'day'))).toBe(14_400)
    expect(numberOf(parklandTask(rng, 90, 40, 'first half'))).toBe(7200)
  })

  it('antidotes: those of the WHO list', () => {
    expect(antidoteFor('paracetamol')).toBe('acetylcysteine')
    expect(antidoteFor('methanol')).toBe('fomepizole')
    expect(antidoteFor('thallium')).toBe('Prussian blue')
    expect(antidoteFor('lead')).toBe('succimer')
  })
})

describe('finance', () => {
  it('NPV: -3,500 then 1,000, 3,200 and 4,300 at 8 % is 3,582.89', () => {
    expect(numberOf(netPresentValueTask(rng, 3500, [1000, 3200, 4300], 8))).toBeCloseTo(3582.89, 2)
  })

  it('bond price: 10 % of 1,000 for three years at 8 % is 1,051.5; at coupon = yield it is the face value', () => {
    expect(numberOf(bondPriceTask(rng, 1000, 10, 8, 3))).toBeCloseTo(1051.5, 1)
    expect(numberOf(bondPriceTask(rng, 1000, 5, 5, 12))).toBeCloseTo(1000, 8)
  })

  it('CAPM: 6 % + 2 (11 % - 6 %) = 16 %; 5 % + 0.6 (13 % - 5 %) = 9.8 %; the premium given directly', () => {
    expect(numberOf(capmTask(rng, 6, 2, 11, 'market'))).toBe(16)
    expect(numberOf(capmTask(rng, 5, 0.6, 13, 'market'))).toBeCloseTo(9.8, 10)
    expect(numberOf(capmTask(rng, 5, 0.6, 8, 'premium'))).toBeCloseTo(9.8, 10)
  })

  it('bond quote: above, below and at the yield', () => {
    expect(labelOf(bondQuoteTask(rng, 10, 8))).toBe('premium')
    expect(labelOf(bondQuoteTask(rng, 7, 8))).toBe('discount')
    expect(labelOf(bondQuoteTask(rng, 8, 8))).toBe('par')
  })

  it('DuPont: a margin of 10 %, a turnover of 1.5 and a multiplier of 2 make 30 %', () => {
    expect(numberOf(dupontTask(rng, 10, 1.5, 2))).toBe(30)
  })

  it('loan: 200,000 at 6 % over 360 months costs 1,199.10 a month', () => {
    expect(numberOf(loanPaymentTask(rng, 200_000, 6, 360))).toBeCloseTo(1199.1, 2)
  })

  it('balance sheet: the examples of IAS 1', () => {
    expect(classOf('inventory')).toBe('current asset')
    expect(classOf('goodwill')).toBe('non-current asset')
    expect(classOf('trade payables')).toBe('current liability')
    expect(classOf('deferred tax liabilities')).toBe('non-current liability')
    expect(classOf('retained earnings')).toBe('equity')
  })
})

describe('law', () => {
  it('diversity: other States and more than 75,000 dollars; exactly 75,000 is too little', () => {
    expect(labelOf(diversityTask(rng, 'Ohio', 'Texas', 75_001))).toBe('yes')
    expect(labelOf(diversityTask(rng, 'Ohio', 'Texas', 75_000))).toBe('no')
    expect(labelOf(diversityTask(rng, 'Ohio', 'Ohio', 900_000))).toBe('no')
  })

  it('limitation: a contract broken in May 2010 is barred in June 2016 and timely in April 2016 (six years)', () => {
    const accrued = { year: 2010, month: 4 }
    expect(labelOf(limitationTask(rng, 6, accrued, { year: 2016, month: 5 }))).toBe('barred')
    expect(labelOf(limitationTask(rng, 6, accrued, { year: 2016, month: 3 }))).toBe('timely')
  })

  it('hearsay: only an outsider’s statement out of court, offered for its truth', () => {
    const all = [true, false].flatMap((outOfCourt) =>
      [true, false].flatMap((forItsTruth) =>
        [true, false].map((byOpposingParty) => ({ outOfCourt, forItsTruth, byOpposingParty })),
      ),
    )
    const found = all.filter((statement) => labelOf(hearsayTask(rng, statement)) === 'hearsay')
    expect(found).toEqual([{ outOfCourt: true, forItsTruth: true, byOpposingParty: false }])
  })

  it('GDPR: the percentage above 500 million of turnover, the fixed sum below', () => {
    expect(numberOf(gdprFineTask(rng, 'higher', 1000, 15))).toBe(40 - 15)
    expect(numberOf(gdprFineTask(rng, 'higher', 100, 15))).toBe(20 - 15)
    expect(numberOf(gdprFineTask(rng, 'lower', 1000, 15))).toBe(20 - 15)
    expect(numberOf(gdprFineTask(rng, 'lower', 100, 5))).toBe(10 - 5)
  })

  it('statutory interest: GOV.UK’s 85 pounds a year on 1,000 at a base rate of 0.5 %; 32.67 for 45 days on 2,000', () => {
    expect(numberOf(statutoryInterestTask(rng, 1000, 0.5, 365))).toBeCloseTo(85, 10)
    expect(numberOf(statutoryInterestTask(rng, 2000, 5.25, 45))).toBeCloseTo(32.67, 2)
  })

  it('deadline: the day of service is not counted', () => {
    expect(numberOf(deadlineTask(rng, { month: 2, day: 3 }, { month: 2, day: 4 }, 14))).toBe(13)
    expect(numberOf(deadlineTask(rng, { month: 0, day: 31 }, { month: 1, day: 1 }, 30))).toBe(29)
  })

  it('precedent: the letter of the binding authority', () => {
    const binding = 'the Fifth Circuit'
    const others = ['Ninth', 'Second', 'First'].map((word) => `the ${word} Circuit`)
    const setting = 'A federal district court in the Fifth Circuit sits.'
    const task = precedentTask(rng, { own: 'Fifth', setting, binding, others })
    expect(task.question).toMatch(new RegExp(`${labelOf(task)}[).:] the Fifth Circuit`))
  })
})
