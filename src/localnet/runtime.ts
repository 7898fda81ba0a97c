import type { Face } from './face.ts'
import type { Call, CallDefinition, Pallet } from './pallet.ts'
import type { AccountId } from './scale/chainTypes.ts'
import type { AnyType, Fields, FieldValues, ScaleType } from './scale/types.ts'
import type { State } from './state.ts'
import type { Build, StorageItem } from './storage.ts'

/** What `state_getRuntimeVersion` and `Core_version` answer. */
export interface RuntimeVersion {
  readonly specName: string
  readonly implName: string
  readonly authoringVersion: number
  readonly specVersion: number
  readonly implVersion: number
  /** Blake2b-64 of each served runtime API's name, as `0x` and 16 hex digits, with the API's version. */
  readonly apis: readonly (readonly [id: string, version: number])[]
  readonly transactionVersion: number
  readonly systemVersion: number
}

/** A decoded event: names as in metadata, fields by name (`0`, `1`, … where unnamed). */
export interface RuntimeEvent {
  readonly pallet: string
  readonly name: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** One entry of System.Events. */
export interface EventRecord {
  readonly phase: Phase
  readonly event: RuntimeEvent
}

export type Phase =
  | { readonly type: 'ApplyExtrinsic'; readonly 0: number }
  | { readonly type: 'Finalization' }
  | { readonly type: 'Initialization' }

/** What a pallet may need from the runtime that it becomes a part of. */
export interface RuntimeParts {
  /** Type of a call inside a call's arguments. */
  readonly runtimeCall: ScaleType<Call>
  readonly runtimeEvent: ScaleType<RuntimeEvent>
  readonly version: RuntimeVersion
  /** Reference time of a call with all that it carries. Works once the runtime is assembled. */
  readonly refTimeOf: (call: Call) => number
}

/** A pallet, or a function that makes it, for pallets whose declarations mention calls, events or the version. */
export type PalletSource = Pallet | ((parts: RuntimeParts) => Pallet)

/** All pallets together: codecs, look-ups and metadata. Holds no state. */
export interface Runtime {
  readonly build: Build
  readonly face: Face
  readonly version: RuntimeVersion
  /** In order of their index, which is the order of the block hooks. */
  readonly pallets: readonly Pallet[]
  readonly apis: readonly RuntimeApi[]
  /** The outermost call of an extrinsic. Calls nested deeper than 8 do not decode. */
  readonly callType: ScaleType<Call>
  readonly eventType: ScaleType<RuntimeEvent>
  /** Value of System.Events. Topics are always empty. */
  readonly eventsType: ScaleType<EventRecord[]>
  /** @throws InputError where no pallet has such a call */
  findCall(call: Pick<Call, 'pallet' | 'name'>): { readonly pallet: Pallet; readonly definition: CallDefinition }
  /** `Balances.InsufficientBalance`, or undefined for an error that no pallet declares. */
  errorName(palletIndex: number, errorIndex: number): string | undefined
  /** Index of `Balances.InsufficientBalance` and its like in this release, or undefined for one that it lacks. */
  errorIndex(name: string): number | undefined
  /** The storage item that a full key or an item prefix (`0x…`) belongs to. */
  itemByKey(key: string): StorageItem | undefined
  /** The metadata blob with its magic number, the same bytes at each call. */
  metadata(version: MetadataVersion): Uint8Array
}

export type MetadataVersion = 14 | 15 | 16
export const metadataVersions: readonly MetadataVersion[] = [14, 15, 16]

/** What a runtime API method sees: the state of one block and the runtime. It must not write. */
export interface ApiContext {
  readonly state: State
  readonly runtime: Runtime
  /** Accounts whose signatures the node does not look at. Default: none. */
  readonly isImpersonated?: ((account: AccountId) => boolean) | undefined
}

export interface ApiMethod<F extends Fields = Fields> {
  readonly inputs: F
  readonly output: AnyType
  // A method, so that methods with different inputs can stand in one table.
  run(context: ApiContext, args: FieldValues<F>): unknown
}

/** One method of a runtime API. `run` is a pure function of the state. */
export function method<const F extends Fields, V>(
  inputs: F,
  output: ScaleType<V>,
  run: (context: ApiContext, args: FieldValues<F>) => V,
): ApiMethod<F> {
  return { inputs, output, run }
}

/** A runtime API as `state_call` and metadata V15 show it: method `version` of `Core` is called `Core_version`. */
export interface RuntimeApi {
  readonly name: string
  readonly version: number
  readonly methods: Readonly<Record<string, ApiMethod>>
}
