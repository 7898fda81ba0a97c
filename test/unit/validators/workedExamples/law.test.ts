import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../../src/base/random.ts'
import { breachHoursTask } from '../../../../validators/law/tasks/breachHours.ts'
import { citationTask } from '../../../../validators/law/tasks/citation.ts'
import { considerationTask } from '../../../../validators/law/tasks/consideration.ts'
import { deadlineTask } from '../../../../validators/law/tasks/deadline.ts'
import { endOf } from '../../../../validators/law/tasks/deadlineWeekday.ts'
import { diversityTask } from '../../../../validators/law/tasks/diversity.ts'
import { gdprFineTask } from '../../../../validators/law/tasks/gdprFine.ts'
import { governingLawTask } from '../../../../validators/law/tasks/governingLaw.ts'
import { hearsayTask } from '../../../../validators/law/tasks/hearsay.ts'
import { intestateShareTask } from '../../../../validators/law/tasks/intestateShare.ts'
import { limitationTask } from '../../../../validators/law/tasks/limitation.ts'
import { limitationTableTask } from '../../../../validators/law/tasks/limitationTable.ts'
import { jurisdictionOver } from '../../../../validators/law/tasks/personalJurisdiction.ts'
import { precedentTask } from '../../../../validators/law/tasks/precedent.ts'
import { sentencingTableTask } from '../../../../validators/law/tasks/sentencingTable.ts'
import { statutoryInterestTask } from '../../../../validators/law/tasks/statutoryInterest.ts'
import { labelOf, numberOf } from './truthOf.ts'

const rng = makeRng('worked examples')

// Where a source is named the figure is its own, to the digits published; the other figures follow from the rule by hand.
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
