import { defineValidator } from 'faculty/defineValidator'
import { claimOf } from '../shared/claimOf.ts'
import { score } from './score.ts'
import { balanceSheet } from './tasks/balanceSheet.ts'
import { bondPrice } from './tasks/bondPrice.ts'
import { bondQuote } from './tasks/bondQuote.ts'
import { capm } from './tasks/capm.ts'
import { dupont } from './tasks/dupont.ts'
import { loanPayment } from './tasks/loanPayment.ts'
import { netPresentValue } from './tasks/netPresentValue.ts'

export default defineValidator({
  domain: 'finance',
  families: [netPresentValue, bondPrice, capm, bondQuote, dupont, loanPayment, balanceSheet],
  score,
  claim: claimOf,
})
