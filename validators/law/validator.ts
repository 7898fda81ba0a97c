import { defineValidator } from 'faculty/defineValidator'
import { claimOf } from '../shared/claimOf.ts'
import { score } from './score.ts'
import { breachHours } from './tasks/breachHours.ts'
import { citation } from './tasks/citation.ts'
import { clauseType } from './tasks/clauseType.ts'
import { consideration } from './tasks/consideration.ts'
import { deadline } from './tasks/deadline.ts'
import { deadlineWeekday } from './tasks/deadlineWeekday.ts'
import { diversity } from './tasks/diversity.ts'
import { gdprFine } from './tasks/gdprFine.ts'
import { governingLaw } from './tasks/governingLaw.ts'
import { hearsay } from './tasks/hearsay.ts'
import { intestateShare } from './tasks/intestateShare.ts'
import { limitation } from './tasks/limitation.ts'
import { limitationTable } from './tasks/limitationTable.ts'
import { noticeNote } from './tasks/noticeNote.ts'
import { personalJurisdiction } from './tasks/personalJurisdiction.ts'
import { precedent } from './tasks/precedent.ts'
import { sentencingTable } from './tasks/sentencingTable.ts'
import { statutoryInterest } from './tasks/statutoryInterest.ts'

export default defineValidator({
  domain: 'law',
  families: [
    diversity,
    limitation,
    hearsay,
    gdprFine,
    statutoryInterest,
    deadline,
    precedent,
    deadlineWeekday,
    limitationTable,
    personalJurisdiction,
    governingLaw,
    consideration,
    intestateShare,
    breachHours,
    clauseType,
    citation,
    sentencingTable,
    noticeNote,
  ],
  score,
  claim: claimOf,
})
