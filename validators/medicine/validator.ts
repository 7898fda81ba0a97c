import { defineValidator } from 'faculty/defineValidator'
import { claimOf } from '../shared/claimOf.ts'
import { score } from './score.ts'
import { acidBase } from './tasks/acidBase.ts'
import { anionGap } from './tasks/anionGap.ts'
import { antidote } from './tasks/antidote.ts'
import { cha2ds2Vasc } from './tasks/cha2ds2Vasc.ts'
import { correctedCalcium } from './tasks/correctedCalcium.ts'
import { creatinineClearance } from './tasks/creatinineClearance.ts'
import { parkland } from './tasks/parkland.ts'
import { qtc } from './tasks/qtc.ts'

export default defineValidator({
  domain: 'medicine',
  families: [creatinineClearance, anionGap, correctedCalcium, cha2ds2Vasc, acidBase, qtc, parkland, antidote],
  score,
  claim: claimOf,
})
