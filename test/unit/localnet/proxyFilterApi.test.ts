import { Metadata, TypeRegistry } from '@polkadot/types'
import { expect, test } from 'vitest'
import { proxyFilterApi } from '../../../src/localnet/apis/proxyFilter.ts'
import { callRuntime } from '../../../src/localnet/callRuntime.ts'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import { encode, option, u8 } from '../../../src/localnet/scale/types.ts'
import { State } from '../../../src/localnet/state.ts'
import { hex } from './signedCall.ts'

const runtime = localnetRuntime('fast')
const noState = new State({ get: () => undefined, keys: () => [] }, 'fast')

interface CallInfo {
  readonly pallet_name: string
  readonly pallet_index: number
  readonly call_name: string | null
  readonly call_index: number | null
  readonly condition: unknown
}

interface Filter {
  readonly proxy_type: number
  readonly name: string
  readonly deprecated: boolean
  readonly filter_mode: string
  readonly calls: CallInfo[]
  readonly exceptions: CallInfo[]
}

/** Asks as a client does, and decodes the answer by the served metadata. */
function ask<T>(name: string, input: Uint8Array): T {
  const registry = new TypeRegistry()
  const metadata = new Metadata(registry, `0x${Buffer.from(runtime.metadata(15)).toString('hex')}`)
  registry.setMetadata(metadata)
  const api = [...metadata.asV15.apis].find((candidate) => candidate.name.toString() === proxyFilterApi.name)!
  const { output } = [...api.methods].find((candidate) => candidate.name.toString() === name)!
  const answer = callRuntime({ runtime, state: noState }, `${proxyFilterApi.name}_${name}`, input)
  const decoded = registry.createType(registry.createLookupType(output), answer)
  expect(decoded.toHex()).toBe(hex(answer))
  return named(decoded.toJSON()) as T
}

/** Bytes as text, names of fields as the chain has them. */
function named(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('0x')) return Buffer.from(value.slice(2), 'hex').toString()
  if (Array.isArray(value)) return value.map(named)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    named(item),
  ])
  return Object.fromEntries(entries)
}

const filterOf = (index?: number): Filter[] => ask('get_proxy_filter', encode(option(u8), index))

test('eighteen types, of which four are abolished', () => {
  const types = ask<{ name: string; index: number; deprecated: boolean }[]>('get_proxy_types', new Uint8Array())
  expect(types.map(({ index }) => index)).toEqual([...types.keys()])
  expect(types).toHaveLength(18)
  expect(types[8]).toEqual({ name: 'Staking', index: 8, deprecated: false })
  expect(types.filter(({ deprecated }) => deprecated).map(({ name }) => name)).toEqual([
    'Senate',
    'Triumvirate',
    'Governance',
    'RootWeights',
  ])
})

test('filters name calls by the indices that metadata has', () => {
  const filters = filterOf()
  expect(filters).toHaveLength(18)
  let seen = 0
  for (const { calls, exceptions } of filters) {
    for (const { pallet_name, pallet_index, call_name, call_index } of [...calls, ...exceptions]) {
      const pallet = runtime.pallets.find(({ name }) => name === pallet_name)!
      expect(pallet.index).toBe(pallet_index)
      expect(call_name === null ? null : pallet.calls[call_name]!.index).toBe(call_index)
      seen++
    }
  }
  expect(seen).toBeGreaterThan(30)
})

test('one type alone: its mode, its calls, its conditions', () => {
  const [owner] = filterOf(1)
  expect(owner).toMatchObject({ proxy_type: 1, name: 'Owner', filter_mode: 'Allow' })
  expect(owner!.calls[0]).toEqual({
    pallet_name: 'AdminUtils',
    pallet_index: 19,
    call_name: null,
    call_index: null,
    condition: null,
  })
  expect(owner!.exceptions.map(({ call_name }) => call_name)).toContain('sudo_set_sn_owner_hotkey')
  const [small] = filterOf(11)
  expect(small!.calls[0]).toEqual({
    pallet_name: 'Balances',
    pallet_index: 5,
    call_name: 'transfer_keep_alive',
    call_index: 3,
    condition: { param_less_than: { param_name: 'value', limit: 500_000_000 } },
  })
  expect(filterOf(0)).toMatchObject([{ name: 'Any', filter_mode: 'AllowAll', calls: [] }])
  expect(filterOf(2)).toMatchObject([{ name: 'NonCritical', filter_mode: 'Deny' }])
  expect(filterOf(18)).toEqual([])
})
