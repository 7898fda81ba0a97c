import { blake2b } from '@noble/hashes/blake2.js'
import { InputError } from '../base/errors.ts'
import { amendApis, amendPallet, withAllErrors } from './amend.ts'
import type { Face } from './face.ts'
import { dispatchInfoOf } from './fees.ts'
import { makeMetadata } from './metadata/makeMetadata.ts'
import type { Call, CallDefinition, Pallet } from './pallet.ts'
import type { PalletSource, Runtime, RuntimeApi, RuntimeParts, RuntimeVersion } from './runtime.ts'
import { makeRuntimeTypes } from './runtimeTypes.ts'
import type { Build, StorageItem } from './storage.ts'

/** A runtime API, or a function that makes it, for APIs that take or give calls. */
export type ApiSource = RuntimeApi | ((parts: Pick<RuntimeParts, 'runtimeCall'>) => RuntimeApi)

export interface RuntimePlan {
  readonly build: Build
  readonly face: Face
  readonly pallets: readonly PalletSource[]
  readonly apis: readonly ApiSource[]
}

/** `0x`, twox128 of the pallet and twox128 of the item. */
const prefixLength = 2 + 32 + 32

/** Puts pallets and runtime APIs together. @throws Error where two of them claim the same name or index */
export function makeRuntime({ build, face, pallets: palletSources, apis: apiSources }: RuntimePlan): Runtime {
  const types = makeRuntimeTypes()
  const { runtimeCall, runtimeEvent, eventRecords } = types
  const { layout } = face
  const declaredApis = apiSources.map((source) => (typeof source === 'function' ? source({ runtimeCall }) : source))
  const apis = layout === undefined ? declaredApis : amendApis(declaredApis, layout)
  const version = versionOf(face, apis)
  const refTimeOf = (call: Call): number => dispatchInfoOf({ findCall }, call).refTime
  const parts: RuntimeParts = { runtimeCall, runtimeEvent, version, refTimeOf }
  const errors = new Map<number, string>()
  const errorIndices = new Map<string, number>()
  const pallets = palletSources
    .map((source) => (typeof source === 'function' ? source(parts) : source))
    .map((pallet) => withAllErrors(pallet, face))
    .map((pallet) => (layout === undefined ? pallet : amendPallet(pallet, layout, (name) => errorIndices.get(name))))
    .sort((a, b) => a.index - b.index)
  types.bind(pallets)
  const items = new Map<string, StorageItem>()
  for (const pallet of pallets) {
    for (const [name, index] of Object.entries(pallet.errors)) {
      errors.set((pallet.index << 8) | index, `${pallet.name}.${name}`)
      errorIndices.set(`${pallet.name}.${name}`, index)
    }
    for (const item of Object.values(pallet.storage)) items.set(item.prefix, item)
  }
  const findCall = ({ pallet, name }: { pallet: string; name: string }): FoundCall => {
    const found = types.findCall(pallet, name)
    if (found === undefined) throw new InputError('call', `${pallet}.${name}`, 'name a call that metadata declares')
    return found
  }
  return {
    build,
    face,
    version,
    pallets,
    apis,
    callType: runtimeCall,
    eventType: runtimeEvent,
    eventsType: eventRecords,
    findCall,
    errorIndex: (name) => errorIndices.get(name),
    errorName: (palletIndex, errorIndex) => errors.get((palletIndex << 8) | errorIndex),
    itemByKey: (key) => items.get(key.slice(0, prefixLength)),
    metadata: makeMetadata({ build, face, pallets, apis, runtimeCall, runtimeEvent }),
  }
}

interface FoundCall {
  readonly pallet: Pallet
  readonly definition: CallDefinition
}

function versionOf({ specVersion }: Face, apis: readonly RuntimeApi[]): RuntimeVersion {
  return {
    specName: 'node-subtensor',
    implName: 'node-subtensor',
    authoringVersion: 1,
    specVersion,
    implVersion: 1,
    apis: apis.map(({ name, version }) => [apiId(name), version] as const),
    transactionVersion: 1,
    systemVersion: 1,
  }
}

/** Blake2b-64 of the API's name. */
function apiId(name: string): string {
  return `0x${Buffer.from(blake2b(Buffer.from(name), { dkLen: 8 })).toString('hex')}`
}
