import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../../src/base/random.ts'
import { acidBaseTask } from '../../../../validators/medicine/tasks/acidBase.ts'
import { albuminAnionGapTask } from '../../../../validators/medicine/tasks/albuminAnionGap.ts'
import { anionGapTask } from '../../../../validators/medicine/tasks/anionGap.ts'
import { antidoteFor } from '../../../../validators/medicine/tasks/antidote.ts'
import { cha2ds2VascScore } from '../../../../validators/medicine/tasks/cha2ds2Vasc.ts'
import { childDoseTask } from '../../../../validators/medicine/tasks/childDose.ts'
import { correctedCalciumTask } from '../../../../validators/medicine/tasks/correctedCalcium.ts'
import { correctedSodiumTask } from '../../../../validators/medicine/tasks/correctedSodium.ts'
import { creatinineClearanceTask } from '../../../../validators/medicine/tasks/creatinineClearance.ts'
import { curb65Score } from '../../../../validators/medicine/tasks/curb65.ts'
import { egfrTask } from '../../../../validators/medicine/tasks/egfr.ts'
import { glasgowComaTask } from '../../../../validators/medicine/tasks/glasgowComa.ts'
import { hasBledScore } from '../../../../validators/medicine/tasks/hasBled.ts'
import { meldScore } from '../../../../validators/medicine/tasks/meld.ts'
import { oxygenGradientTask } from '../../../../validators/medicine/tasks/oxygenGradient.ts'
import { parklandTask } from '../../../../validators/medicine/tasks/parkland.ts'
import { qsofaScore } from '../../../../validators/medicine/tasks/qsofa.ts'
import { qtcTask } from '../../../../validators/medicine/tasks/qtc.ts'
import { sodiumExcretionTask } from '../../../../validators/medicine/tasks/sodiumExcretion.ts'
import { triageClass } from '../../../../validators/medicine/tasks/startTriage.ts'
import { unitConversionTask } from '../../../../validators/medicine/tasks/unitConversion.ts'
import { wellsPeScore } from '../../../../validators/medicine/tasks/wellsPe.ts'
import { labelOf, numberOf } from './truthOf.ts'

const rng = makeRng('worked examples')

// Where a source is named the figure is its own, to the digits published; the other figures follow from the rule by hand.
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
