import { defineValidator } from 'faculty/defineValidator'
import { claimOf } from '../shared/claimOf.ts'
import { score } from './score.ts'
import { annuityValue } from './tasks/annuityValue.ts'
import { balanceSheet } from './tasks/balanceSheet.ts'
import { bondDuration } from './tasks/bondDuration.ts'
import { bondPrice } from './tasks/bondPrice.ts'
import { bondQuote } from './tasks/bondQuote.ts'
import { capitalRatio } from './tasks/capitalRatio.ts'
import { capm } from './tasks/capm.ts'
import { depreciation } from './tasks/depreciation.ts'
import { dupont } from './tasks/dupont.ts'
import { fxForward } from './tasks/fxForward.ts'
import { internalRate } from './tasks/internalRate.ts'
import { journalEntry } from './tasks/journalEntry.ts'
import { loanPayment } from './tasks/loanPayment.ts'
import { netPresentValue } from './tasks/netPresentValue.ts'
import { optionHedge } from './tasks/optionHedge.ts'
import { optionPrice } from './tasks/optionPrice.ts'
import { priceChange } from './tasks/priceChange.ts'
import { putCallParity } from './tasks/putCallParity.ts'
import { statementRatio } from './tasks/statementRatio.ts'
import { statementTone } from './tasks/statementTone.ts'
import { valueAtRisk } from './tasks/valueAtRisk.ts'
import { varianceNote } from './tasks/varianceNote.ts'
import { wacc } from './tasks/wacc.ts'
import { zeroYield } from './tasks/zeroYield.ts'

export default defineValidator({
  domain: 'finance',
  families: [
    netPresentValue,
    bondPrice,
    capm,
    bondQuote,
    dupont,
    loanPayment,
    balanceSheet,
    zeroYield,
    bondDuration,
    priceChange,
    internalRate,
    annuityValue,
    optionPrice,
    optionHedge,
    putCallParity,
    wacc,
    statementRatio,
    depreciation,
    fxForward,
    valueAtRisk,
    capitalRatio,
    journalEntry,
    statementTone,
    varianceNote,
  ],
  score,
  claim: claimOf,
})
