import { defineValidator } from 'faculty/defineValidator'
import { claimOf } from '../shared/claimOf.ts'
import { score } from './score.ts'
import { acidBase } from './tasks/acidBase.ts'
import { albuminAnionGap } from './tasks/albuminAnionGap.ts'
import { anionGap } from './tasks/anionGap.ts'
import { antidote } from './tasks/antidote.ts'
import { cha2ds2Vasc } from './tasks/cha2ds2Vasc.ts'
import { childDose } from './tasks/childDose.ts'
import { correctedCalcium } from './tasks/correctedCalcium.ts'
import { correctedSodium } from './tasks/correctedSodium.ts'
import { creatinineClearance } from './tasks/creatinineClearance.ts'
import { curb65 } from './tasks/curb65.ts'
import { egfr } from './tasks/egfr.ts'
import { glasgowComa } from './tasks/glasgowComa.ts'
import { hasBled } from './tasks/hasBled.ts'
import { labComment } from './tasks/labComment.ts'
import { meld } from './tasks/meld.ts'
import { oxygenGradient } from './tasks/oxygenGradient.ts'
import { parkland } from './tasks/parkland.ts'
import { qsofa } from './tasks/qsofa.ts'
import { qtc } from './tasks/qtc.ts'
import { sodiumExcretion } from './tasks/sodiumExcretion.ts'
import { startTriage } from './tasks/startTriage.ts'
import { unitConversion } from './tasks/unitConversion.ts'
import { wellsPe } from './tasks/wellsPe.ts'

export default defineValidator({
  domain: 'medicine',
  families: [
    creatinineClearance,
    anionGap,
    correctedCalcium,
    cha2ds2Vasc,
    acidBase,
    qtc,
    parkland,
    antidote,
    egfr,
    meld,
    hasBled,
    curb65,
    wellsPe,
    qsofa,
    glasgowComa,
    correctedSodium,
    sodiumExcretion,
    oxygenGradient,
    albuminAnionGap,
    childDose,
    unitConversion,
    startTriage,
    labComment,
  ],
  score,
  claim: claimOf,
})
