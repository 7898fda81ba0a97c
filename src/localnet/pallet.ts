import { FacultyError } from '../base/errors.ts'
import type { EmissionFact } from './emissionFact.ts'
import type { AccountId, dispatchError, Hex32 } from './scale/chainTypes.ts'
import type { AnyType, Fields, FieldValues, ScaleType, ValueOf } from './scale/types.ts'
import type { State } from './state.ts'
import type { Build, StorageItem } from './storage.ts'

export type Origin =
  | {
      readonly kind: 'signed'
      readonly account: AccountId
      /** Which calls it may make, those inside other calls too. Absent: all. Proxies act under such limits. */
      readonly allows?: ((call: Call) => boolean) | undefined
    }
  | { readonly kind: 'root' }
  | { readonly kind: 'none' }

/** A decoded call: names as in metadata, arguments by name. */
export interface Call {
  readonly pallet: string
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

/** Everything that code inside a block may see. There is no clock and no randomness beside it. */
export interface BlockContext {
  readonly state: State
  readonly build: Build
  /** Number of the block in execution. */
  readonly block: number
  readonly parentHash: Hex32
  /** The block author's account; fees go there. */
  readonly author: AccountId
  /** Position in the block of the extrinsic in execution; absent in the block hooks. */
  readonly extrinsicIndex?: number | undefined
  /** Deposits an event under the current phase. */
  emit<F extends Fields>(event: EventDefinition<F>, fields: FieldValues<F>): void
  /**
   * Executes a call in its own transaction, as Utility, Sudo and Proxy need it. On failure its writes and events are
   * undone and the DispatchFailure is thrown.
   */
  dispatch(call: Call, origin: Origin): void
  /** Takes note of where emission went; not part of the state. */
  readonly record?: (fact: EmissionFact) => void
}

/** Context of one call. */
export interface CallContext extends BlockContext {
  readonly origin: Origin
}

/** Index of an extrinsic's weight class, for fees. See `fees.ts`. */
export type Pays = 'Yes' | 'No'

export interface CallDefinition<F extends Fields = Fields> {
  readonly index: number
  readonly fields: F
  /** Reference time of the dispatch in picoseconds; the fee follows from it. */
  readonly refTime: number
  readonly pays: Pays
  // A method, so that calls with different arguments can stand in one table.
  run(context: CallContext, args: FieldValues<F>): void
}

/** Reference time of a call for which the table says nothing else. */
const ordinaryRefTime = 200_000_000

/** One call of a pallet. `pays: 'No'` marks the calls that cost no fee. */
export function call<const F extends Fields>(
  index: number,
  fields: F,
  run: (context: CallContext, args: FieldValues<F>) => void,
  options: { refTime?: number; pays?: Pays } = {},
): CallDefinition<F> {
  return { index, fields, run, refTime: options.refTime ?? ordinaryRefTime, pays: options.pays ?? 'Yes' }
}

export interface EventDeclaration<F extends Fields = Fields> {
  readonly index: number
  /** Field names `0`, `1`, … mean unnamed fields. */
  readonly fields: F
}

export interface EventDefinition<F extends Fields = Fields> extends EventDeclaration<F> {
  readonly pallet: string
  readonly palletIndex: number
  readonly name: string
}

export function event<const F extends Fields>(index: number, fields: F): EventDeclaration<F> {
  return { index, fields }
}

/** Declarations by on-chain name → events of that pallet. */
export function eventsOf<D extends Readonly<Record<string, EventDeclaration>>>(
  pallet: string,
  palletIndex: number,
  declarations: D,
): { readonly [N in keyof D]: EventDefinition<D[N]['fields']> } {
  const events = Object.entries(declarations).map(([name, e]) => [name, { ...e, pallet, palletIndex, name }] as const)
  return Object.fromEntries(events) as never
}

export type DispatchErrorValue = ValueOf<typeof dispatchError>

/** A call that failed inside its block; the extrinsic is included, its writes are not. */
export class DispatchFailure extends FacultyError<{ code: 'dispatch'; error: DispatchErrorValue }> {
  constructor(name: string, error: DispatchErrorValue) {
    super(name, { code: 'dispatch', error })
  }
}

export const badOrigin = (): DispatchFailure => new DispatchFailure('BadOrigin', { type: 'BadOrigin' })

/** Makes `throw errors.NotEnoughBalanceToStake()` possible: on-chain error name → index, as in metadata. */
export function errorsOf<D extends Readonly<Record<string, number>>>(
  pallet: string,
  palletIndex: number,
  indices: D,
): { readonly [N in keyof D]: () => DispatchFailure } {
  const makers = Object.entries(indices).map(([name, index]) => {
    const error = { type: 'Module', 0: { index: palletIndex, error: Uint8Array.of(index, 0, 0, 0) } } as const
    return [name, () => new DispatchFailure(`${pallet}.${name}`, error)] as const
  })
  return Object.fromEntries(makers) as never
}

export interface ConstantDefinition {
  readonly type: AnyType
  readonly value: (build: Build) => unknown
}

export function constant<V>(type: ScaleType<V>, value: V | ((build: Build) => V)): ConstantDefinition {
  return { type, value: typeof value === 'function' ? (value as (build: Build) => V) : () => value }
}

/**
 * One pallet: what its metadata declares and how it behaves. A call, event or error stands here if and only if it
 * works, so metadata never promises what is not there.
 */
export interface Pallet {
  readonly name: string
  readonly index: number
  readonly storage: Readonly<Record<string, StorageItem>>
  readonly calls: Readonly<Record<string, CallDefinition>>
  readonly events: Readonly<Record<string, EventDefinition>>
  /** On-chain error name → index. */
  readonly errors: Readonly<Record<string, number>>
  /** Errors' doc lines by name, where clients show them or tests compare them. */
  readonly errorDocs?: Readonly<Record<string, string>>
  readonly constants: Readonly<Record<string, ConstantDefinition>>
  /** Runs before the block's extrinsics, pallets in order of their index. */
  readonly onInitialize?: (context: BlockContext) => void
  /** Runs after the block's extrinsics, pallets in order of their index. */
  readonly onFinalize?: (context: BlockContext) => void
}

/** The signer's account. @throws DispatchFailure BadOrigin where the origin is not signed */
export function signer(context: CallContext): AccountId {
  if (context.origin.kind !== 'signed') throw badOrigin()
  return context.origin.account
}

/** @throws DispatchFailure BadOrigin where the origin is not root */
export function requireRoot(context: CallContext): void {
  if (context.origin.kind !== 'root') throw badOrigin()
}
