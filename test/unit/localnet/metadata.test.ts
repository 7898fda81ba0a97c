import { readFileSync } from 'node:fs'
import { blake2b } from '@noble/hashes/blake2.js'
import { decAnyMetadata, metadata as metadataCodec, unifyMetadata } from '@polkadot-api/substrate-bindings'
import { describe, expect, test } from 'vitest'
import { callRuntime } from '../../../src/localnet/callRuntime.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import { metadataVersions } from '../../../src/localnet/runtime.ts'
import { bytes, decode, encode, option, u32, vec } from '../../../src/localnet/scale/types.ts'
import { signedExtensions } from '../../../src/localnet/signedExtensions.ts'
import { State } from '../../../src/localnet/state.ts'
import { quicknetBytes } from './quicknetBytes.ts'
import { newComposites, type PalletRows, readServed, type TypeRow } from './servedMetadata.ts'

interface Extension {
  readonly id: string
  readonly extra: string
  readonly implicit: string
}

interface Release {
  readonly pallets: PalletRows[]
  readonly types: Record<string, TypeRow>
  readonly runtimeApis: { api: string; version: number; methods: [string, string[], string][] }[]
  readonly extrinsic: { extensionsInOrder: Extension[]; signedExtensionsInOrder: Extension[] }
}

function release(spec: 393 | 424): Release {
  const file = new URL(`../../vectors/chain/subtensor-metadata-${spec}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Release
}

const real = release(424)

const runtime = localnetRuntime('normal')
const noState = new State({ get: () => undefined, keys: () => [] }, 'normal')

/** Rows of the real chain with these names, in our order. A name of ours that it lacks gives a row that differs. */
function sameNamed<Row extends readonly unknown[]>(
  ours: readonly Row[],
  theirs: readonly Row[] = [],
  name: (row: Row) => unknown,
) {
  return ours.map((row) => theirs.find((other) => name(other) === name(row)) ?? `not in 424: ${name(row)}`)
}

/** The release number and the runtime APIs are our own. */
const ownConstants = new Set(['System.Version'])

/** Rows of releases after 424 that SDK 11.3 cannot do without. @see storage/later.ts */
const laterItems = new Set([
  'SubtensorModule.CollateralLockShare',
  'SubtensorModule.CollateralDrainRatio',
  'SubtensorModule.SubnetEpochConsensus',
])

/** What the chain's localnet builds have otherwise than mainnet. @see facts: subtensor-chain.md, (a) */
const localnetDefaults: Readonly<Record<string, string>> = {
  NetworkRateLimit: '0x0000000000000000',
  InitialNetworkRateLimit: '0x0000000000000000',
  // The same there; the file keeps no more than its beginning.
  BeaconConfig: `0x${quicknetBytes}`,
}

/** A row of the real chain, with the localnet's value as its last element where that is another one. */
function withLocalnetDefault<Row extends readonly unknown[]>(row: Row): Row {
  const own = localnetDefaults[row[0] as string]
  return own === undefined ? row : ([...row.slice(0, -1), own] as unknown as Row)
}

describe.each(metadataVersions)('metadata V%i', (version) => {
  const served = readServed(runtime, version, true)

  test('is of the version that was asked for, and account type comes first', () => {
    expect(served.version).toBe(version)
    expect(served.firstType).toBe('sp_core::crypto::AccountId32')
    expect(served.extrinsicVersion).toBe(4)
  })

  test.each(served.pallets.map((pallet) => [pallet.pallet, pallet] as const))(
    '%s is laid out as in 424',
    (name, ours) => {
      const theirs = real.pallets.find(({ pallet }) => pallet === name)!
      expect([ours.pallet, ours.index]).toEqual([theirs.pallet, theirs.index])
      if (ours.storagePrefix !== undefined) expect(ours.storagePrefix).toBe(theirs.storagePrefix)
      const { storage = [], calls = [], events = [], errors = [], constants = [] } = ours
      const rows = storage.filter(([item]) => !laterItems.has(`${name}.${item}`))
      expect(rows).toEqual(sameNamed(rows, theirs.storage?.map(withLocalnetDefault), ([item]) => item))
      expect(calls).toEqual(sameNamed(calls, theirs.calls, ([, call]) => call))
      expect(events).toEqual(sameNamed(events, theirs.events, ([, event]) => event))
      expect(errors).toEqual(sameNamed(errors, theirs.errors, ([, error]) => error))
      const layout = constants.filter(([constant]) => !ownConstants.has(`${name}.${constant}`))
      expect(layout).toEqual(sameNamed(layout, theirs.constants?.map(withLocalnetDefault), ([constant]) => constant))
    },
  )

  test('named types have the paths and contents of 424', () => {
    const compared: string[] = []
    for (const ours of served.types.values()) {
      const theirs = real.types[ours.path.slice(ours.path.lastIndexOf(':') + 1)]
      // The file has one type a name; where the real chain has several, ours may be another one of them.
      if (theirs?.path !== ours.path) continue
      compared.push(ours.path)
      if (ours.kind === 'enum')
        expect({ ...ours, variants: byIndex(ours) }).toEqual({ ...theirs, variants: byIndex(theirs) })
      else expect(ours).toEqual(theirs)
    }
    const missing = [...served.types.keys()].filter((path) => !compared.includes(path))
    expect(missing.filter((path) => !unlisted.has(path))).toEqual([])
  })

  test('the thirteen signed extensions are those of 424, in order', () => {
    expect(served.extensions).toHaveLength(13)
    expect(served.extensions).toEqual(real.extrinsic.extensionsInOrder)
  })
})

/** Named types that the file does not list, or lists another one of the same name for. */
const unlisted = new Set([
  ...signedExtensions.map(({ extra: { shape } }) => (shape.kind === 'composite' ? shape.path.join('::') : '')),
  'frame_metadata_hash_extension::Mode',
  'frame_support::dispatch::RawOrigin',
  'pallet_commitments::types::Data',
  'frame_system::limits::WeightsPerClass',
  'pallet_subtensor::pallet::EpochConsensus',
  'sp_consensus_aura::sr25519::app_sr25519::Public',
  'sp_consensus_grandpa::app::Public',
  'sp_runtime::generic::era::Era',
  'sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic',
])

function byIndex({ variants = [] }: TypeRow) {
  return variants.toSorted(([a], [b]) => a - b)
}

describe('release 430', () => {
  const served = readServed(runtime, 15, false)
  const fieldsOf = (pallet: PalletRows): [string, string[]][] =>
    [...(pallet.calls ?? []), ...(pallet.events ?? [])].map(([, name, fields]) => [`${pallet.pallet}.${name}`, fields])

  test('shows subnets, mechanisms and amounts as types of their own wherever 424 had bare integers', () => {
    const bare = /^((dest_|origin_|destination_)?netuid: u16|mecid: u8|\w*(amount|free|balance|fee)\w*: u64)$/
    const left = served.pallets.flatMap(fieldsOf).flatMap(([name, fields]) => {
      return fields.filter((field) => bare.test(field)).map((field) => `${name} ${field}`)
    })
    expect(left).toEqual([])
    const call = (name: string) => served.pallets.flatMap(fieldsOf).find(([full]) => full === name)![1]
    expect(call('SubtensorModule.add_stake')).toEqual([
      'hotkey: AccountId32',
      'netuid: NetUid',
      'amount_staked: TaoBalance',
    ])
    expect(call('SubtensorModule.remove_stake')[2]).toBe('amount_unstaked: AlphaBalance')
    expect(call('Balances.transfer_keep_alive')).toEqual(['dest: MultiAddress', 'value: Compact<TaoBalance>'])
    const items = served.pallets.flatMap(({ storage = [] }) => storage)
    const item = (name: string) => items.find(([found]) => found === name)!
    expect(item('Weights').slice(3, 5)).toEqual([['NetUidStorageIndex', 'u16'], 'Vec<(u16,u16)>'])
    expect(item('Delegates')[4]).toBe('PerU16')
    expect(item('TotalHotkeyAlpha').slice(3, 5)).toEqual([['AccountId32', 'NetUid'], 'AlphaBalance'])
  })

  test('the same bytes are under each composite as under the integer it stands for', () => {
    const composites = [...served.types.values()].filter(({ path }) => newComposites.has(path.split('::').at(-1)!))
    expect(composites.map(({ path, fields }) => [path, fields]).sort()).toEqual([
      ['sp_arithmetic::per_things::PerU16', ['u16']],
      ['subtensor_runtime_common::MechId', ['u8']],
      ['subtensor_runtime_common::NetUid', ['u16']],
      ['subtensor_runtime_common::NetUidStorageIndex', ['u16']],
      ['subtensor_runtime_common::currency::AlphaBalance', ['u64']],
      ['subtensor_runtime_common::currency::TaoBalance', ['u64']],
    ])
  })

  test('has the runtime APIs of 424 that are served, and says so in the version', () => {
    const plain = readServed(runtime, 15, true)
    for (const { api, methods } of plain.apis) {
      const theirs = real.runtimeApis.find((other) => other.api === api)!
      expect(methods).toEqual(methods.map(([name]) => theirs.methods.find(([other]) => other === name)))
    }
    expect(runtime.version).toMatchObject({ specName: 'node-subtensor', specVersion: 430, transactionVersion: 1 })
    // V16 has the versions beside the names.
    const { apis } = unifyMetadata(decAnyMetadata(runtime.metadata(16)))
    expect(apis.map((api) => [api.name, 'version' in api ? api.version : undefined])).toEqual(
      plain.apis.map(({ api }) => [api, real.runtimeApis.find((other) => other.api === api)!.version]),
    )
    const id = (name: string) => `0x${Buffer.from(blake2b(Buffer.from(name), { dkLen: 8 })).toString('hex')}`
    expect(runtime.version.apis).toEqual(
      plain.apis.map(({ api }) => [id(api), real.runtimeApis.find((other) => other.api === api)!.version]),
    )
    // The version that stands in metadata begins as the real one and is the one that the node answers.
    const constant = plain.pallets[0]!.constants!.find(([name]) => name === 'Version')!
    const answer = callRuntime({ runtime, state: noState }, 'Core_version', new Uint8Array())
    expect(constant[2]).toBe(`0x${Buffer.from(answer).toString('hex')}`)
  })

  test('the outer enums are there by name', () => {
    expect(served.outer).toEqual(['Call', 'Event', 'Error'].map((kind) => `node_subtensor_runtime::Runtime${kind}`))
  })

  test.each(metadataVersions)('V%i decodes with polkadot-api too, to the last byte', (version) => {
    const blob = runtime.metadata(version)
    const { pallets, lookup } = unifyMetadata(decAnyMetadata(blob))
    expect(pallets.map(({ name }) => name)).toEqual(runtime.pallets.map(({ name }) => name))
    expect(lookup.map(({ id }) => id)).toEqual(lookup.map((_, i) => i))
    const { metadata } = metadataCodec.dec(blob)
    expect(metadataCodec.enc({ magicNumber: 0x6174656d, metadata })).toEqual(blob)
  })

  test('the runtime API hands out the same blobs, and none for versions that are not served', () => {
    const at = (version: number) =>
      callRuntime({ runtime, state: noState }, 'Metadata_metadata_at_version', encode(u32, version))
    for (const version of metadataVersions) {
      const served = decode(option(bytes), at(version))!
      expect(Buffer.compare(served, runtime.metadata(version))).toBe(0)
    }
    expect(at(13)).toEqual(Uint8Array.of(0))
    expect(at(17)).toEqual(Uint8Array.of(0))
    const versions = callRuntime({ runtime, state: noState }, 'Metadata_metadata_versions', new Uint8Array())
    expect(decode(vec(u32), versions)).toEqual([14, 15, 16])
  })
})

test('a face without composites shows the bare integers of 424, and is the same otherwise', () => {
  const [plain, unwrapped] = [readServed(localnetRuntime('normal', 424), 15, false), readServed(runtime, 15, true)]
  const { pallet: name, constants, ...system } = plain.pallets[0]!
  expect(name).toBe('System')
  const older = unwrapped.pallets.map((pallet) =>
    pallet.storage === undefined
      ? pallet
      : { ...pallet, storage: pallet.storage.filter(([item]) => !laterItems.has(`${pallet.pallet}.${item}`)) },
  )
  expect(plain.pallets.slice(1)).toEqual(older.slice(1))
  expect(unwrapped.pallets[0]).toMatchObject(system)
  const version = (rows: typeof constants) => rows!.find(([constant]) => constant === 'Version')![2]
  expect(version(constants)).toContain('a8010000')
  expect(version(unwrapped.pallets[0]!.constants)).toContain('ae010000')
  const later = [...unwrapped.types.keys()].filter((path) => !plain.types.has(path))
  expect(later).toEqual(['pallet_subtensor::pallet::EpochConsensus'])
  expect([...plain.types.keys()].filter((path) => !unwrapped.types.has(path))).toEqual([])
})

describe.each(metadataVersions)('release 393, metadata V%i', (version) => {
  const april = release(393)
  const served = readServed(localnetRuntime('normal', 393), version, false)

  test.each(served.pallets.map((pallet) => [pallet.pallet, pallet] as const))(
    '%s is laid out as in 393',
    (name, ours) => {
      const theirs = april.pallets.find(({ pallet }) => pallet === name)!
      expect([ours.pallet, ours.index]).toEqual([theirs.pallet, theirs.index])
      const { storage = [], calls = [], events = [], errors = [], constants = [] } = ours
      const same = <Row extends readonly unknown[]>(
        rows: readonly Row[],
        others: readonly Row[] | undefined,
        key: (row: Row) => unknown,
      ) => expect(spelt(rows)).toEqual(spelt(sameNamed(rows, others, key)))
      same(storage, theirs.storage?.map(withLocalnetDefault), ([item]) => item)
      same(calls, theirs.calls, ([, call]) => call)
      same(events, theirs.events, ([, event]) => event)
      same(errors, theirs.errors, ([, error]) => error)
      const layout = constants.filter(([constant]) => !ownConstants.has(`${name}.${constant}`))
      same(layout, theirs.constants?.map(withLocalnetDefault), ([constant]) => constant)
    },
  )

  test('every row of 424 that is served and that 393 had too is there', () => {
    const later = readServed(runtime, version, true)
    for (const pallet of later.pallets) {
      const theirs = april.pallets.find((one) => one.pallet === pallet.pallet)
      const ours = served.pallets.find((one) => one.pallet === pallet.pallet)
      for (const kind of ['calls', 'events', 'errors'] as const) {
        const known = new Set(theirs?.[kind]?.map(([, name]) => name))
        const expected = (pallet[kind] ?? []).map(([, name]) => name).filter((name) => known.has(name))
        expect(ours?.[kind]?.map(([, name]) => name) ?? []).toEqual(expect.arrayContaining(expected))
      }
    }
  })

  test('the signed extensions are those of 393, in order, and no composite is new', () => {
    expect(served.extensions).toEqual(april.extrinsic.signedExtensionsInOrder)
    expect([...served.types.keys()].filter((path) => newComposites.has(path.split('::').at(-1)!))).toEqual([])
  })

  test('has no runtime API and no method that came later', () => {
    const { apis } = readServed(localnetRuntime('normal', 393), 15, false)
    expect(apis.length).toBeGreaterThan(0)
    for (const { api, methods } of apis) {
      const theirs = april.runtimeApis.find((other) => other.api === api)!
      for (const [name] of methods) expect(theirs.methods.map(([other]) => other)).toContain(name)
    }
    expect(localnetRuntime('normal', 393).version.specVersion).toBe(393)
  })
})

/** The two files write some type names differently; bytes and meaning are the same. */
function spelt(rows: unknown): unknown {
  const text = JSON.stringify(rows)
    .replace(/[a-z_]\w*::/g, '')
    .replaceAll('WeakBoundedVec', 'BoundedVec')
    .replace(/PerDispatchClass<Weight>/g, 'PerDispatchClass')
    .replace(/IdAmount<\w+,\w+>/g, 'IdAmount')
    .replace(/BTreeMap<Vec<\((.*?)\)>>/g, 'BTreeMap<$1>')
    .replace(/BTreeSet<Vec<(.*?)>>/g, 'BTreeSet<$1>')
  return JSON.parse(text)
}

test('the fast build differs in constants and defaults only', () => {
  const [fast, normal] = [readServed(localnetRuntime('fast'), 15, true), readServed(runtime, 15, true)]
  const layout = ({ pallets }: typeof fast) =>
    pallets.map(({ storage = [], constants = [], ...rest }) => ({
      ...rest,
      storage: storage.map((row) => row.slice(0, -1)),
      constants: constants.map((row) => row.slice(0, -1)),
    }))
  expect(layout(fast)).toEqual(layout(normal))
  const slot = ({ pallets }: typeof fast) =>
    pallets.find(({ pallet }) => pallet === 'Aura')!.constants!.find(([name]) => name === 'SlotDuration')![2]
  expect([slot(fast), slot(normal)]).toEqual(['0xfa00000000000000', '0xe02e000000000000'])
})
