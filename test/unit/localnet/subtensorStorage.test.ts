import { expect, test } from 'vitest'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { isSubnetAccount, subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { subnetName } from '../../../src/localnet/pallets/subtensor/subnetName.ts'
import { symbols } from '../../../src/localnet/pallets/subtensor/symbols.ts'
import { decode, encode, u16, u32, u64, vec } from '../../../src/localnet/scale/types.ts'
import { State } from '../../../src/localnet/state.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { account, subnetWorld } from './subtensorWorld.ts'

test('a raw key that the Python tests write is the moving price of netuid 2', () => {
  expect(storageKey(storage.SubnetMovingPrice, [2])).toBe(
    '0x658faa385070e074c85bf6b568cf05551abf1b0f4fd14f7b72ee50f9d91d59150200',
  )
})

test('trailing bytes of a stored value are ignored, as the chain does', () => {
  const state = new State({ get: () => undefined, keys: () => [] }, 'fast')
  const bytes = encode(storage.SubnetMovingPrice.value, 5n << 32n)
  state.setRaw(storageKey(storage.SubnetMovingPrice, [2]), Uint8Array.of(...bytes, ...new Uint8Array(16).fill(0x30)))
  expect(state.get(storage.SubnetMovingPrice, 2)).toBe(5n << 32n)
})

test('defaults of the two builds', () => {
  const value = (name: 'Tempo' | 'MaxEpochsPerBlock') => [
    storage[name].fallback('fast'),
    storage[name].fallback('normal'),
  ]
  expect(value('Tempo')).toEqual([10, 360])
  expect(value('MaxEpochsPerBlock')).toEqual([32, 2])
  expect(storage.NetworkRateLimit.fallback('normal')).toBe(0n)
  // 1.26 as U64F64, to the bit as real metadata has it.
  const multiplier = encode(storage.BurnIncreaseMult.value, storage.BurnIncreaseMult.fallback('fast'))
  expect(Buffer.from(multiplier).toString('hex')).toBe('0090c2f5285c8f420100000000000000')
})

test('the account of a subnet', () => {
  expect(subnetAccount(0x0102)).toBe(`0x6d6f646c73756274656e73720201${'00'.repeat(18)}`)
  expect(isSubnetAccount(subnetAccount(7))).toBe(true)
  expect(isSubnetAccount(account(1))).toBe(false)
  expect(isSubnetAccount(`0x${'6d6f646c73756274656e7372'}0201${'00'.repeat(17)}01`)).toBe(false)
})

test('symbols: 439 different ones, in known places', () => {
  expect(symbols).toHaveLength(439)
  expect(new Set(symbols).size).toBe(439)
  const places = { 0: 'Τ', 1: 'α', 18: 'σ', 19: 't', 24: 'ω', 25: 'א', 51: 'ת', 80: 'ى', 89: 'ᛒ', 102: 'ვ', 127: '𑀅' }
  for (const [netuid, symbol] of Object.entries(places)) expect(symbols[Number(netuid)]).toBe(symbol)
  const later = { 133: 'භ', 166: 'Ⱐ', 210: 'ฮ', 245: 'ㅣ', 274: '\u1316', 318: 'ह', 364: 'ン', 400: 'ⵓ', 438: 'ධ' }
  for (const [netuid, symbol] of Object.entries(later)) expect(symbols[Number(netuid)]).toBe(symbol)
})

test('numbers that end beyond the first 64 bytes of a value', () => {
  for (const type of [vec(u16), vec(u32)]) {
    const values = Array.from({ length: 100 }, (_, i) => i)
    expect(decode(type, encode(type, values))).toEqual(values)
  }
  const wide = Array.from({ length: 100 }, (_, i) => BigInt(i))
  expect(decode(vec(u64), encode(vec(u64), wide))).toEqual(wide)
})

test('names of subnets', () => {
  const { state } = subnetWorld()
  const name = (netuid: number) => Buffer.from(subnetName(state, netuid)).toString()
  expect([0, 1, 2, 61, 64, 128, 129].map(name)).toEqual([
    'root',
    'apex',
    'omron',
    'red team',
    'chutes',
    'la',
    'unknown',
  ])
  const texts = ['subnet_name', 'github_repo', 'subnet_contact', 'subnet_url', 'discord', 'description', 'logo_url']
  const identity = Object.fromEntries([...texts, 'additional'].map((text) => [text, new Uint8Array()])) as never
  state.set(storage.SubnetIdentitiesV3, [1], identity)
  expect(name(1)).toBe('apex')
  state.set(storage.SubnetIdentitiesV3, [1], { ...(identity as object), subnet_name: Buffer.from('law') } as never)
  expect(name(1)).toBe('law')
})
