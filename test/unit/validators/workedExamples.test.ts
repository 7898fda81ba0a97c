import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import type { Truth } from '../../../src/domain/defineValidator.ts'
import { annuityValueTask } from '../../../validators/finance/tasks/annuityValue.ts'
import { classOf } from '../../../validators/finance/tasks/balanceSheet.ts'
import { bondDurationTask } from '../../../validators/finance/tasks/bondDuration.ts'
import { bondPriceTask } from '../../../validators/finance/tasks/bondPrice.ts'
import { bondQuoteTask } from '../../../validators/finance/tasks/bondQuote.ts'
import { capitalRatioTask } from '../../../validators/finance/tasks/capitalRatio.ts'
import { capmTask } from '../../../validators/finance/tasks/capm.ts'
import { depreciationTask } from '../../../validators/finance/tasks/depreciation.ts'
import { dupontTask } from '../../../validators/finance/tasks/dupont.ts'
import { fxForwardTask } from '../../../validators/finance/tasks/fxForward.ts'
import { internalRateTask } from '../../../validators/finance/tasks/internalRate.ts'
import { accountFor } from '../../../validators/finance/tasks/journalEntry.ts'
import { loanPaymentTask } from '../../../validators/finance/tasks/loanPayment.ts'
import { netPresentValueTask } from '../../../validators/finance/tasks/netPresentValue.ts'
import { optionHedgeTask } from '../../../validators/finance/tasks/optionHedge.ts'
import { optionPriceTask } from '../../../validators/finance/tasks/optionPrice.ts'
import { priceChangeTask } from '../../../validators/finance/tasks/priceChange.ts'
import { putCallParityTask } from '../../../validators/finance/tasks/putCallParity.ts'
import { statementRatioTask } from '../../../validators/finance/tasks/statementRatio.ts'
import { toneOf } from '../../../validators/finance/tasks/statementTone.ts'
import { valueAtRiskTask } from '../../../validators/finance/tasks/valueAtRisk.ts'
import { waccTask } from '../../../validators/finance/tasks/wacc.ts'
import { zeroYieldTask } from '../../../validators/finance/tasks/zeroYield.ts'
import { breachHoursTask } from '../../../validators/law/tasks/breachHours.ts'
import { citationTask } from '../../../validators/law/tasks/citation.ts'
import { considerationTask } from '../../../validators/law/tasks/consideration.ts'
import { deadlineTask } from '../../../validators/law/tasks/deadline.ts'
import { endOf } from '../../../validators/law/tasks/deadlineWeekday.ts'
import { diversityTask } from '../../../validators/law/tasks/diversity.ts'
import { gdprFineTask } from '../../../validators/law/tasks/gdprFine.ts'
import { governingLawTask } from '../../../validators/law/tasks/governingLaw.ts'
import { hearsayTask } from '../../../validators/law/tasks/hearsay.ts'
import { intestateShareTask } from '../../../validators/law/tasks/intestateShare.ts'
import { limitationTask } from '../../../validators/law/tasks/limitation.ts'
import { limitationTableTask } from '../../../validators/law/tasks/limitationTable.ts'
import { jurisdictionOver } from '../../../validators/law/tasks/personalJurisdiction.ts'
import { precedentTask } from '../../../validators/law/tasks/precedent.ts'
import { sentencingTableTask } from '../../../validators/law/tasks/sentencingTable.ts'
import { statutoryInterestTask } from '../../../validators/law/tasks/statutoryInterest.ts'
import { acidBaseTask } from '../../../validators/medicine/tasks/acidBase.ts'
import { albuminAnionGapTask } from '../../../validators/medicine/tasks/albuminAnionGap.ts'
import { anionGapTask } from '../../../validators/medicine/tasks/anionGap.ts'
import { antidoteFor } from '../../../validators/medicine/tasks/antidote.ts'
import { cha2ds2VascScore } from '../../../validators/medicine/tasks/cha2ds2Vasc.ts'
import { childDoseTask } from '../../../validators/medicine/tasks/childDose.ts'
import { correctedCalciumTask } from '../../../validators/medicine/tasks/correctedCalcium.ts'
import { correctedSodiumTask } from '../../../validators/medicine/tasks/correctedSodium.ts'
import { creatinineClearanceTask } from '../../../validators/medicine/tasks/creatinineClearance.ts'
import { curb65Score } from '../../../validators/medicine/tasks/curb65.ts'
import { egfrTask } from '../../../validators/medicine/tasks/egfr.ts'
import { glasgowComaTask } from '../../../validators/medicine/tasks/glasgowComa.ts'
import { hasBledScore } from '../../../validators/medicine/tasks/hasBled.ts'
import { meldScore } from '../../../validators/medicine/tasks/meld.ts'
import { oxygenGradientTask } from '../../../validators/medicine/tasks/oxygenGradient.ts'
import { parklandTask } from '../../../validators/medicine/tasks/parkland.ts'
import { qsofaScore } from '../../../validators/medicine/tasks/qsofa.ts'
import { qtcTask } from '../../../validators/medicine/tasks/qtc.ts'
import { sodiumExcretionTask } from '../../../validators/medicine/tasks/sodiumExcretion.ts'
import { triageClass } from '../../../validators/medicine/tasks/startTriage.ts'
import { unitConversionTask } from '../../../validators/medicine/tasks/unitConversion.ts'
import { wellsPeScore } from '../../../validators/medicine/tasks/wellsPe.ts'

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

  it('CKD-EPI 2021: the calculator at kidney.org gives 71 for a man of 55 with 1.2 mg/dL', () => {
    expect(Math.round(numberOf(egfrTask(rng, 55, 1.2, 'male')))).toBe(71)
    // At the knee only age and sex are left: 142 x 0.9938^age.
    expect(numberOf(egfrTask(rng, 40, 0.9, 'male'))).toBeCloseTo(142 * 0.9938 ** 40, 10)
    expect(numberOf(egfrTask(rng, 40, 0.7, 'female'))).toBeCloseTo(142 * 0.9938 ** 40 * 1.012, 10)
  })

  it('MELD 3.0: 6 at the bounds of a healthy man, 1.33 more in a woman, each coefficient of Kim 2021', () => {
    const healthy = { sex: 'male', bilirubin: 1, inr: 1, creatinine: 1, sodium: 137, albumin: 3.5 } as const
    expect(meldScore(healthy)).toBe(6)
    expect(meldScore({ ...healthy, sex: 'female' })).toBeCloseTo(7.33, 10)
    expect(meldScore({ ...healthy, bilirubin: Math.E })).toBeCloseTo(6 + 4.56, 10)
    expect(meldScore({ ...healthy, inr: Math.E })).toBeCloseTo(6 + 9.09, 10)
    expect(meldScore({ ...healthy, creatinine: Math.E })).toBeCloseTo(6 + 11.14, 10)
    expect(meldScore({ ...healthy, sodium: 127 })).toBeCloseTo(6 + 8.2, 10)
    expect(meldScore({ ...healthy, albumin: 2.5 })).toBeCloseTo(6 + 1.85, 10)
    expect(meldScore({ ...healthy, bilirubin: Math.E, sodium: 127 })).toBeCloseTo(6 + 4.56 + 8.2 - 2.4, 10)
    expect(meldScore({ ...healthy, creatinine: Math.E, albumin: 2.5 })).toBeCloseTo(6 + 11.14 + 1.85 - 1.83, 10)
  })

  it('HAS-BLED: above 65 and above 160 mmHg, 9 at most', () => {
    const none = Array.from({ length: 7 }, () => false)
    expect([65, 66].map((age) => hasBledScore(age, 120, none))).toEqual([0, 1])
    expect([160, 161].map((systolic) => hasBledScore(50, systolic, none))).toEqual([0, 1])
    expect(
      hasBledScore(
        80,
        180,
        none.map(() => true),
      ),
    ).toBe(9)
  })

  it('CURB-65: the limits of Lim 2003', () => {
    const well = { confused: false, urea: 7, breaths: 29, systolic: 90, diastolic: 61, age: 64 }
    expect(curb65Score(well)).toBe(0)
    const one = [{ confused: true }, { urea: 7.1 }, { breaths: 30 }, { systolic: 89 }, { diastolic: 60 }, { age: 65 }]
    expect(one.map((change) => curb65Score({ ...well, ...change }))).toEqual([1, 1, 1, 1, 1, 1])
    expect(curb65Score({ ...well, systolic: 80, diastolic: 50 })).toBe(1)
  })

  it('Wells: the points of 2000, 12.5 at most', () => {
    const none = Array.from({ length: 6 }, () => false)
    expect([100, 101].map((rate) => wellsPeScore(rate, none))).toEqual([0, 1.5])
    const alone = none.map((_, place) =>
      wellsPeScore(
        80,
        none.map((_, other) => other === place),
      ),
    )
    expect(alone).toEqual([3, 3, 1.5, 1.5, 1, 1])
    expect(
      wellsPeScore(
        120,
        none.map(() => true),
      ),
    ).toBe(12.5)
  })

  it('qSOFA: the limits of Sepsis-3', () => {
    expect(qsofaScore(21, 101, 15)).toBe(0)
    expect([qsofaScore(22, 101, 15), qsofaScore(21, 100, 15), qsofaScore(21, 101, 14)]).toEqual([1, 1, 1])
  })

  it('Glasgow coma scale: 3 at least, 15 at most, 8 for E2 V2 M4', () => {
    expect(labelOf(glasgowComaTask(rng, 1, 1, 1))).toBe('3')
    expect(labelOf(glasgowComaTask(rng, 4, 5, 6))).toBe('15')
    expect(labelOf(glasgowComaTask(rng, 2, 2, 4))).toBe('8')
  })

  it('corrected sodium: Katz adds 1.6 per 100 mg/dL, so 130 at 600 mg/dL becomes 138', () => {
    expect(numberOf(correctedSodiumTask(rng, 130, 600))).toBe(138)
  })

  it('FENa: 10 and 140 mmol/L, 100 and 2 mg/dL make 0.14 %', () => {
    expect(numberOf(sodiumExcretionTask(rng, 10, 140, 100, 2))).toBeCloseTo(0.143, 3)
  })

  it('A-a gradient: the textbook alveolar pressure at sea level is 99.7 mmHg with a PaCO2 of 40', () => {
    expect(numberOf(oxygenGradientTask(rng, 21, 760, 40, 0))).toBeCloseTo(99.73, 2)
  })

  it('anion gap: Figge adds 2.5 for each g/dL of albumin', () => {
    expect(numberOf(albuminAnionGapTask(rng, 140, 104, 24, 4))).toBe(12)
    expect(numberOf(albuminAnionGapTask(rng, 140, 104, 24, 2))).toBe(17)
  })

  it('a child’s dose: 15 mg/kg for 20 kg, and no more than the maximum', () => {
    const order = { weightKg: 20, mgPerKg: 15, mostMg: 500, mgPerMl: 24 }
    expect(numberOf(childDoseTask(rng, order))).toBe(12.5)
    expect(numberOf(childDoseTask(rng, { ...order, mostMg: 240 }))).toBe(10)
  })

  it('units: glucose 100 mg/dL is 5.55 mmol/L, cholesterol 200 is 5.17, creatinine 1 is 88.4 micromol/L', () => {
    expect(numberOf(unitConversionTask(rng, 'glucose', 100, true))).toBeCloseTo(5.55, 2)
    expect(numberOf(unitConversionTask(rng, 'cholesterol', 200, true))).toBeCloseTo(5.17, 2)
    expect(numberOf(unitConversionTask(rng, 'creatinine', 1, true))).toBe(88.4)
    expect(numberOf(unitConversionTask(rng, 'creatinine', 88.4, false))).toBe(1)
    expect(numberOf(unitConversionTask(rng, 'glucose', 10, false))).toBeCloseTo(180.2, 1)
  })

  it('START: the steps of the flow chart', () => {
    const well = { walks: false, breaths: 30, refillSeconds: 2, obeys: true }
    expect(triageClass({ ...well, walks: true })).toBe('minor')
    expect(triageClass({ ...well, breaths: undefined })).toBe('expectant')
    expect(triageClass(well)).toBe('delayed')
    for (const change of [{ breaths: 31 }, { refillSeconds: 3 }, { obeys: false }]) {
      expect(triageClass({ ...well, ...change })).toBe('immediate')
    }
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

  it('zero: 1,000 in two years for 826.45 yields 10 %', () => {
    expect(numberOf(zeroYieldTask(rng, 1000, 826.45, 2))).toBeCloseTo(10, 2)
  })

  // Bodie, Kane and Marcus, Investments, chapter 16: 8 % semi-annual coupons at 10 % for two years, 1.8852 years.
  it('duration: 4 % and 5 % a period over four periods make 3.7704 periods; a zero’s is its term', () => {
    expect(numberOf(bondDurationTask(rng, 4, 5, 4, 'Macaulay'))).toBeCloseTo(3.7704, 3)
    expect(numberOf(bondDurationTask(rng, 4, 5, 4, 'modified'))).toBeCloseTo(3.7704 / 1.05, 3)
    expect(numberOf(bondDurationTask(rng, 0, 5, 9, 'Macaulay'))).toBeCloseTo(9, 10)
  })

  // Fabozzi, chapter 4: 25 years, 6 %, priced to yield 9 %: duration 10.62, convexity 182.92.
  it('price change: 200 basis points more lose 17.58 %, 200 fewer gain 24.90 %', () => {
    expect(numberOf(priceChangeTask(rng, 10.62, 182.92, 200))).toBeCloseTo(-17.58, 2)
    expect(numberOf(priceChangeTask(rng, 10.62, 182.92, -200))).toBeCloseTo(24.9, 2)
  })

  it('IRR: -4,000, 2,000, 4,000 return 28.08 % (Brealey, Myers and Allen, chapter 5)', () => {
    expect(numberOf(internalRateTask(rng, 4000, 2000, 4000))).toBeCloseTo(28.08, 2)
  })

  it('annuity: five times 5,000 at 7 % are worth 20,501 (Brealey, Myers and Allen, chapter 2)', () => {
    expect(Math.round(numberOf(annuityValueTask(rng, 5000, 7, 5, 'present')))).toBe(20_501)
    expect(numberOf(annuityValueTask(rng, 1000, 10, 3, 'future'))).toBeCloseTo(3310, 8)
  })

  // Hull, Options, Futures, and Other Derivatives, example 15.6.
  const hull = { kind: 'call', spot: 42, strike: 40, rate: 10, volatility: 20, years: 0.5 } as const

  it('Black-Scholes: Hull’s call of 4.76 and put of 0.81, delta N(0.7693) = 0.7791', () => {
    expect(numberOf(optionPriceTask(rng, hull))).toBeCloseTo(4.76, 2)
    expect(numberOf(optionPriceTask(rng, { ...hull, kind: 'put' }))).toBeCloseTo(0.81, 2)
    expect(numberOf(optionHedgeTask(rng, hull, 10_000))).toBeCloseTo(7791, -0.5)
    expect(numberOf(optionHedgeTask(rng, { ...hull, kind: 'put' }, 10_000))).toBeCloseTo(-2209, -0.5)
  })

  // Hull, section 11.4: share 31, strike 30, 10 % for three months: a call of 3 belongs to a put of 1.26.
  it('put-call parity: a call of 3 and a put of 1.26', () => {
    const option = { ...hull, spot: 31, strike: 30, years: 0.25 }
    expect(numberOf(putCallParityTask(rng, option, 3))).toBeCloseTo(1.26, 2)
    expect(numberOf(putCallParityTask(rng, { ...option, kind: 'put' }, 1.2593))).toBeCloseTo(3, 3)
  })

  it('WACC: Sangria’s 9 % (Brealey, Myers and Allen, chapter 19): 60 % at 12.4 %, 40 % at 6 %, tax 35 %', () => {
    const sangria = { equity: 750, debt: 500, costOfEquity: 12.4, costOfDebt: 6, taxRate: 35 }
    expect(numberOf(waccTask(rng, sangria))).toBeCloseTo(9, 1)
  })

  it('ratios of a small statement', () => {
    const statement = {
      ...{ cash: 100, receivables: 200, inventory: 300, payables: 150, 'short-term loans': 50, 'long-term debt': 350 },
      ...{ equity: 800, revenue: 2000, 'cost of sales': 1200, 'operating profit': 300, 'interest expense': 40 },
      'net income': 160,
    }
    const names = ['current ratio', 'quick ratio', 'debt to equity ratio', 'gross margin in percent'] as const
    expect(names.map((name) => numberOf(statementRatioTask(rng, name, statement)))).toEqual([3, 1.5, 0.5, 40])
    expect(numberOf(statementRatioTask(rng, 'net margin in percent', statement))).toBe(8)
    expect(numberOf(statementRatioTask(rng, 'interest cover', statement))).toBe(7.5)
  })

  it('depreciation: 10,000 over five years is 6,000, 3,600, 2,160 by the double-declining method', () => {
    const asset = { cost: 10_000, residual: 1000, lifeYears: 5 }
    const after = [1, 2, 3].map((years) => numberOf(depreciationTask(rng, asset, 'double-declining', years)))
    expect(after.map((value) => Math.round(value))).toEqual([6000, 3600, 2160])
    expect(numberOf(depreciationTask(rng, asset, 'straight-line', 2))).toBe(6400)
  })

  it('forward: equal rates leave the spot; a year at 5 % against 2 % moves 100 to 102.94', () => {
    const quote = { code: 'JPY', spot: 100, rate: 5, dollarRate: 2, days: 360 }
    expect(numberOf(fxForwardTask(rng, quote))).toBeCloseTo(102.94, 2)
    expect(numberOf(fxForwardTask(rng, { ...quote, dollarRate: 5 }))).toBe(100)
  })

  // Hull, section 22.3: 10 million, 2 % a day, 99 %: 465,300 in a day, 1,471,300 in ten.
  it('value at risk: Hull’s 465,300 and 1,471,300', () => {
    expect(numberOf(valueAtRiskTask(rng, 10_000_000, 2, 1, 99)) / 100).toBeCloseTo(4652, 0)
    expect(Math.abs(numberOf(valueAtRiskTask(rng, 10_000_000, 2, 10, 99)) - 1_471_300)).toBeLessThan(600)
  })

  it('capital ratio: the weights of Basel II', () => {
    const none = { sovereigns: 0, banks: 0, mortgages: 0, companies: 0 }
    expect(numberOf(capitalRatioTask(rng, 8, { ...none, companies: 100 }))).toBe(8)
    expect(numberOf(capitalRatioTask(rng, 7, { ...none, mortgages: 200 }))).toBe(10)
    expect(numberOf(capitalRatioTask(rng, 4, { ...none, banks: 100, sovereigns: 900 }))).toBe(20)
  })

  it('journal entries: the double entry of a purchase on credit and of depreciation', () => {
    expect(accountFor('buys goods for X on credit', 'debit')).toBe('inventory')
    expect(accountFor('buys goods for X on credit', 'credit')).toBe('accounts payable')
    expect(accountFor('records depreciation of X', 'credit')).toBe('accumulated depreciation')
  })

  it('tone: falling costs are good news, falling sales are not', () => {
    expect(toneOf('energy costs', 'fell')).toBe('positive')
    expect(toneOf('net sales', 'fell')).toBe('negative')
    expect(toneOf('net debt', 'stayed flat')).toBe('neutral')
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

  // Committee notes on the 2009 amendment: 7-, 14-, 21- and 28-day periods end on the weekday of the event.
  it('deadline: whole weeks keep the weekday; weekends and a holiday on Monday are passed over', () => {
    expect([7, 14, 21, 28].map((days) => endOf('Wednesday', days, true))).toEqual(Array(4).fill('Wednesday'))
    expect([endOf('Friday', 1, false), endOf('Friday', 2, false), endOf('Friday', 3, false)]).toEqual(
      Array(3).fill('Monday'),
    )
    expect(endOf('Friday', 2, true)).toBe('Tuesday')
    expect(endOf('Friday', 3, true)).toBe('Monday')
  })

  it('limitation table: the Limitation Act’s six years for contract, one for defamation', () => {
    const table = [
      ['breach of contract', 6],
      ['defamation', 1],
    ] as const
    const suit = { claim: 'breach of contract', accrued: 2000, filed: 2005, tolled: 0 }
    expect(labelOf(limitationTableTask(rng, table, suit))).toBe('timely')
    expect(labelOf(limitationTableTask(rng, table, { ...suit, claim: 'defamation' }))).toBe('barred')
    expect(labelOf(limitationTableTask(rng, table, { ...suit, filed: 2007 }))).toBe('barred')
    expect(labelOf(limitationTableTask(rng, table, { ...suit, filed: 2007, tolled: 2 }))).toBe('timely')
  })

  it('personal jurisdiction: Daimler (no home in California: none) and Ford (dealings in Montana: specific)', () => {
    const daimler = { incorporatedIn: 'Delaware', principalPlace: 'New Jersey', forum: 'California' }
    expect(jurisdictionOver({ ...daimler, dealsThere: true, arisesThere: false })).toBe('none')
    const ford = { incorporatedIn: 'Delaware', principalPlace: 'Michigan', forum: 'Montana' }
    expect(jurisdictionOver({ ...ford, dealsThere: true, arisesThere: true })).toBe('specific')
    expect(jurisdictionOver({ ...ford, forum: 'Michigan', dealsThere: false, arisesThere: false })).toBe('general')
    expect(jurisdictionOver({ ...ford, forum: 'Delaware', dealsThere: true, arisesThere: true })).toBe('general')
  })

  it('governing law: goods, land, and what predominates', () => {
    expect(labelOf(governingLawTask(rng, { what: 'tractors' }))).toBe('ucc')
    expect(labelOf(governingLawTask(rng, { what: 'farmland' }))).toBe('common law')
    expect(labelOf(governingLawTask(rng, { goods: 9000, work: 3000 }))).toBe('ucc')
    expect(labelOf(governingLawTask(rng, { goods: 3000, work: 9000 }))).toBe('common law')
  })

  it('consideration: Hamer v. Sidway’s forbearance is one, a past act and an existing duty are none', () => {
    expect(labelOf(considerationTask(rng, 'forbearance'))).toBe('yes')
    expect(labelOf(considerationTask(rng, 'mutual promises'))).toBe('yes')
    expect(labelOf(considerationTask(rng, 'past act'))).toBe('no')
    expect(labelOf(considerationTask(rng, 'existing duty'))).toBe('no')
  })

  it('intestate shares: the sums of UPC 2-102 come first', () => {
    expect(numberOf(intestateShareTask(rng, 'parent', 400_000, 0, 'spouse'))).toBe(375_000)
    expect(numberOf(intestateShareTask(rng, 'children of another', 350_000, 2, 'spouse'))).toBe(250_000)
    expect(numberOf(intestateShareTask(rng, 'children of another', 350_000, 2, 'child'))).toBe(50_000)
    expect(numberOf(intestateShareTask(rng, 'children of both, spouse has others', 425_000, 4, 'child'))).toBe(25_000)
    expect(numberOf(intestateShareTask(rng, 'children of both, spouse has others', 100_000, 4, 'spouse'))).toBe(100_000)
  })

  it('breach: 72 hours from Monday noon end on Thursday noon', () => {
    expect(numberOf(breachHoursTask(rng, { day: 1, hour: 12 }, { day: 4, hour: 12 }))).toBe(0)
    expect(numberOf(breachHoursTask(rng, { day: 1, hour: 12 }, { day: 4, hour: 13 }))).toBe(-1)
    expect(numberOf(breachHoursTask(rng, { day: 1, hour: 12 }, { day: 2, hour: 6 }))).toBe(54)
  })

  it('citation: Hutto v. Davis, 454 U.S. 370, 375 (1982)', () => {
    const hutto = { reporter: 'U.S.', volume: 454, firstPage: 370, pinpoint: 375, year: 1982 } as const
    const asked = ['volume', 'firstPage', 'year', 'depth'] as const
    expect(asked.map((question) => numberOf(citationTask(rng, question, hutto)))).toEqual([454, 370, 1982, 5])
  })

  // Rows of the Guidelines' own table: level 12 is 10-16, 12-18, 15-21 months, level 13 is 12-18, 15-21, 18-24.
  it('sentencing table: level 12 and two more, less one, category III', () => {
    const table = [
      { level: 12, months: [10, 12, 15] },
      { level: 13, months: [12, 15, 18] },
    ]
    expect(numberOf(sentencingTableTask(rng, table, { base: 12, added: 0, taken: 0, category: 0 }))).toBe(10)
    expect(numberOf(sentencingTableTask(rng, table, { base: 12, added: 4, taken: 3, category: 2 }))).toBe(18)
  })
})
