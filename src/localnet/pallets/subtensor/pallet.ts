import type { CallDefinition, Pallet } from '../../pallet.ts'
import { alphaBurnCalls } from './alphaBurns.ts'
import { autoStakeCalls } from './autoStake.ts'
import { blockStep } from './blockStep.ts'
import { childrenCalls } from './children.ts'
import { commitCalls } from './commits.ts'
import { constants } from './constants.ts'
import { dissolveCalls } from './dissolveNetwork.ts'
import { errorIndices } from './errors.ts'
import { events } from './events.ts'
import { hotkeyCalls } from './hotkeys.ts'
import { identityCalls } from './identity.ts'
import { moveStakeCalls } from './moveStake.ts'
import { registerNetworkCalls } from './registerNetwork.ts'
import { registrationCalls } from './registration.ts'
import { revealCalls } from './reveals.ts'
import { rootRegistrationCalls } from './rootRegistration.ts'
import { servingCalls } from './serving.ts'
import { setWeightsCalls } from './setWeights.ts'
import { stakingCalls } from './staking.ts'
import { startCalls } from './startCall.ts'
import { storage } from './storage.ts'
import { swapHotkeyCalls } from './swapHotkey.ts'
import { symbolCalls } from './symbols.ts'
import { takeCalls } from './take.ts'
import { tempoCalls } from './tempoControl.ts'
import { timelockedCommitCalls } from './timelockedCommits.ts'
import { unstakeAllCalls } from './unstakeAll.ts'
import { checkSubtensorCall } from './validate.ts'

const calls: Readonly<Record<string, CallDefinition>> = {
  ...registerNetworkCalls,
  ...dissolveCalls,
  ...startCalls,
  ...registrationCalls,
  ...rootRegistrationCalls,
  ...servingCalls,
  ...setWeightsCalls,
  ...commitCalls,
  ...revealCalls,
  ...timelockedCommitCalls,
  ...stakingCalls,
  ...unstakeAllCalls,
  ...moveStakeCalls,
  ...alphaBurnCalls,
  ...autoStakeCalls,
  ...childrenCalls,
  ...takeCalls,
  ...hotkeyCalls,
  ...swapHotkeyCalls,
  ...identityCalls,
  ...symbolCalls,
  ...tempoCalls,
}

/** The pool looks only at the outermost call, so every dispatch of a signed call is checked once more. */
function guarded(name: string, definition: CallDefinition): CallDefinition {
  return {
    ...definition,
    run(context, args) {
      if (context.origin.kind === 'signed') checkSubtensorCall(context, name, args, context.origin.account)
      definition.run(context, args)
    },
  }
}

export const subtensorPallet: Pallet = {
  name: 'SubtensorModule',
  index: 7,
  storage,
  calls: Object.fromEntries(Object.entries(calls).map(([name, definition]) => [name, guarded(name, definition)])),
  events,
  errors: errorIndices,
  constants,
  onInitialize: blockStep,
}
