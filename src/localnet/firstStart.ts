import { type ChainStart, makeBlock } from './chainData.ts'
import { blake2b256 } from './extrinsic.ts'
import { History } from './history.ts'
import type { Runtime } from './runtime.ts'
import type { Hex32 } from './scale/chainTypes.ts'
import { State } from './state.ts'

const zeroHash: Hex32 = `0x${'00'.repeat(32)}`
/** Substrate keeps the runtime's code here. We keep the metadata's hash, so that each layout has its own genesis hash. */
const codeKey = `0x${Buffer.from(':code').toString('hex')}`

/** Block 0 of a new chain. @param genesis writes it into an empty state */
export function firstStart({
  runtime,
  genesis: write,
}: {
  runtime: Runtime
  genesis: (state: State) => void
}): ChainStart {
  const state = new State({ get: () => undefined, keys: () => [] }, runtime.build, runtime.face)
  state.setRaw(codeKey, blake2b256(runtime.metadata(15)))
  write(state)
  const stateRoot = new History(state.changes, { keepBlocks: 0 }).root
  const genesis = makeBlock({ number: 0, parentHash: zeroHash, stateRoot, logs: [], extrinsics: [] })
  return { genesis, head: genesis, timestampMs: 0, state: state.changes }
}
