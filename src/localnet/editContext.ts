import type { Block } from './blocks.ts'
import type { BlockContext, Call, Origin } from './pallet.ts'
import type { Runtime } from './runtime.ts'
import type { AccountId } from './scale/chainTypes.ts'
import type { State } from './state.ts'

/**
 * What code sees that changes the state between blocks: the newest block, as if it were still being made. Events are
 * nobody's.
 *
 * @param author to whom fees would go
 */
export function editContext(runtime: Runtime, state: State, head: Block, author: AccountId): BlockContext {
  const dispatch = (call: Call, origin: Origin): void =>
    state.transaction(() => runtime.findCall(call).definition.run({ ...context, origin }, call.args as never))
  const context: BlockContext = {
    state,
    build: runtime.build,
    block: head.header.number,
    parentHash: head.header.parent_hash,
    author,
    emit: () => undefined,
    dispatch,
  }
  return context
}
