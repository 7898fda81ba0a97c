import { describe, expect, it } from 'vitest'
import { makeRng } from '../../../../src/base/random.ts'
import { annuityValueTask } from '../../../../validators/finance/tasks/annuityValue.ts'
import { classOf } from '../../../../validators/finance/tasks/balanceSheet.ts'
import { bondDurationTask } from '../../../../validators/finance/tasks/bondDuration.ts'
import { bondPriceTask } from '../../../../validators/finance/tasks/bondPrice.ts'
import { bondQuoteTask } from '../../../../validators/finance/tasks/bondQuote.ts'
import { capitalRatioTask } from '../../../../validators/finance/tasks/capitalRatio.ts'
import { capmTask } from '../../../../validators/finance/tasks/capm.ts'
import { depreciationTask } from '../../../../validators/finance/tasks/depreciation.ts'
import { dupontTask } from '../../../../validators/finance/tasks/dupont.ts'
import { fxForwardTask } from '../../../../validators/finance/tasks/fxForward.ts'
import { internalRateTask } from '../../../../validators/finance/tasks/internalRate.ts'
import { accountFor } from '../../../../validators/finance/tasks/journalEntry.ts'
import { loanPaymentTask } from '../../../../validators/finance/tasks/loanPayment.ts'
import { netPresentValueTask } from '../../../../validators/finance/tasks/netPresentValue.ts'
import { optionHedgeTask } from '../../../../validators/finance/tasks/optionHedge.ts'
import { optionPriceTask } from '../../../../validators/finance/tasks/optionPrice.ts'
import { priceChangeTask } from '../../../../validators/finance/tasks/priceChange.ts'
import { putCallParityTask } from '../../../../validators/finance/tasks/putCallParity.ts'
import { statementRatioTask } from '../../../../validators/finance/tasks/statementRatio.ts'
import { toneOf } from '../../../../validators/finance/tasks/statementTone.ts'
import { valueAtRiskTask } from '../../../../validators/finance/tasks/valueAtRisk.ts'
import { waccTask } from '../../../../validators/finance/tasks/wacc.ts'
import { zeroYieldTask } from '../../../../validators/finance/tasks/zeroYield.ts'
import { labelOf, numberOf } from './truthOf.ts'

const rng = makeRng('worked examples')

// Where a source is named the figure is its own, to the digits published; the other figures follow from the rule by hand.
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
