import { defineValidator } from 'faculty/defineValidator'
import { claimOf } from '../shared/claimOf.ts'
import { score } from './score.ts'
import { deadline } from './tasks/deadline.ts'
import { diversity } from './tasks/diversity.ts'
import { gdprFine } from './tasks/gdprFine.ts'
import { hearsay } from './tasks/hearsay.ts'
import { limitation } from './tasks/limitation.ts'
import { precedent } from './tasks/precedent.ts'
import { statutoryInterest } from './tasks/statutoryInterest.ts'

export default defineValidator({
  domain: 'law',
  families: [diversity, limitation, hearsay, gdprFine, statutoryInterest, deadline, precedent],
  score,
  claim: claimOf,
})
