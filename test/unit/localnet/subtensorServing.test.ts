import { expect, test } from 'vitest'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { validateSubtensorCall } from '../../../src/localnet/pallets/subtensor/validate.ts'
import { account, fund, owner, ownerHotkey, registerNeuron, root, signed, subnetWorld, tao } from './subtensorWorld.ts'

const miner = account(0x11)
const loopback4 = 0x7f00_0001n
const mappedLoopback = 0xffff_7f00_0001n
const axon = {
  netuid: 1,
  version: 9,
  ip: 0x0808_0808n,
  port: 8091,
  ip_type: 4,
  protocol: 4,
  placeholder1: 1,
  placeholder2: 2,
}

test('serve_axon stores the endpoint with the block', () => {
  const world = subnetWorld()
  registerNeuron(world, miner)
  world.run('serve_axon', axon, signed(miner))
  const { netuid: _, ...stored } = axon
  expect(world.state.get(storage.Axons, 1, miner)).toEqual({ ...stored, block: 10n })
  expect(world.events.at(-1)).toEqual({ name: 'AxonServed', fields: { 0: 1, 1: miner } })
})

test('serve_axon fails in the order of its checks, in the pool with the matching number', () => {
  const world = subnetWorld()
  registerNeuron(world, miner)
  world.run('serve_axon', axon, signed(miner))
  const args = { ...axon, port: 0, ip: loopback4, ip_type: 5 }
  const outcome = (who = miner) => {
    const code = validateSubtensorCall(world, { pallet: 'SubtensorModule', name: 'serve_axon', args }, who)?.code
    return [world.outcome('serve_axon', args, signed(who)), code]
  }
  expect(outcome(account(0x55))).toEqual(['HotKeyNotRegisteredInNetwork', 10])
  expect(outcome()).toEqual(['InvalidIpType', 255])
  args.ip_type = 4
  expect(outcome()).toEqual(['InvalidIpAddress', 11])
  args.ip = mappedLoopback
  args.ip_type = 6
  expect(outcome()).toEqual(['ServingRateLimitExceeded', 12])
  world.block = 60
  expect(outcome()).toEqual(['InvalidPort', 13])
  args.port = 1
  expect(outcome()).toEqual(['ok', undefined])
})

test.each([
  [4, 0n, true],
  [4, 0xffff_ffffn, false],
  [4, 0xffff_fffen, true],
  [4, 0x0a00_0001n, true],
  [4, loopback4, false],
  [6, 1n, false],
  [6, (1n << 128n) - 1n, false],
  [6, mappedLoopback, true],
  [6, 0n, true],
] as const)('ip type %s, address %s', (ip_type, ip, isGood) => {
  const world = subnetWorld()
  registerNeuron(world, miner)
  const outcome = world.outcome('serve_axon', { ...axon, ip, ip_type }, signed(miner))
  expect(outcome).toBe(isGood ? 'ok' : 'InvalidIpAddress')
})

test.each([
  [0, false],
  [1, true],
  [33, true],
  [65, true],
  [66, false],
])('a TLS certificate of %i bytes', (length, isStored) => {
  const world = subnetWorld()
  registerNeuron(world, miner)
  const certificate = Uint8Array.from({ length }, (_, i) => (i === 0 ? 1 : 7))
  world.run('serve_axon_tls', { ...axon, certificate }, signed(miner))
  const stored = world.state.get(storage.NeuronCertificates, 1, miner)
  expect(stored).toEqual(isStored ? { algorithm: 1, public_key: certificate.slice(1) } : undefined)
  expect(world.state.get(storage.Axons, 1, miner)?.port).toBe(8091)
})

test('serve_prometheus checks the address before the registration and refuses zero', () => {
  const world = subnetWorld()
  const args = { netuid: 1, version: 1, ip: 0n, port: 9, ip_type: 4 }
  expect(world.outcome('serve_prometheus', args, signed(miner))).toBe('InvalidIpAddress')
  expect(world.outcome('serve_prometheus', { ...args, ip: 5n }, signed(miner))).toBe('HotKeyNotRegisteredInNetwork')
  registerNeuron(world, miner)
  expect(world.outcome('serve_prometheus', { ...args, ip: 5n }, signed(miner))).toBe('ok')
  expect(world.state.get(storage.Prometheus, 1, miner)).toEqual({ block: 10n, version: 1, ip: 5n, port: 9, ip_type: 4 })
})

test('delegate take: owner, direction, bounds, and a rate limit upwards', () => {
  const world = subnetWorld()
  registerNeuron(world, miner, account(0x12))
  const set = (name: string, take: number, who = account(0x12)) =>
    world.outcome(name, { hotkey: miner, take }, signed(who))
  expect(world.outcome('increase_take', { hotkey: account(0x99), take: 1 }, signed(owner))).toBe(
    'HotKeyAccountNotExists',
  )
  expect(set('increase_take', 1, owner)).toBe('NonAssociatedColdKey')
  expect(set('increase_take', 11_797)).toBe('DelegateTakeTooHigh')
  expect(set('decrease_take', 5000)).toBe('ok')
  expect(world.events.at(-1)).toEqual({ name: 'TakeDecreased', fields: { 0: account(0x12), 1: miner, 2: 5000 } })
  expect(set('decrease_take', 5000)).toBe('DelegateTakeTooLow')
  expect(set('increase_take', 5000)).toBe('DelegateTakeTooLow')
  // Lowering it counts, so that nobody lowers it for a block.
  expect(set('increase_take', 5001)).toBe('DelegateTxRateLimitExceeded')
  world.block = 10 + 216_000
  expect(set('increase_take', 5001)).toBe('DelegateTxRateLimitExceeded')
  world.block++
  expect(set('increase_take', 5001)).toBe('ok')
  expect(set('increase_take', 5002)).toBe('DelegateTxRateLimitExceeded')
  expect(set('decrease_take', 5000)).toBe('ok')
  // The limit is the hotkey's: another hotkey of the same coldkey has its own.
  const second = account(0x13)
  registerNeuron(world, second, account(0x12))
  world.state.set(storage.Delegates, [second], 1)
  expect(world.outcome('increase_take', { hotkey: second, take: 2 }, signed(account(0x12)))).toBe('ok')
  const pool = (take: number, who: typeof miner) =>
    validateSubtensorCall(
      world,
      { pallet: 'SubtensorModule', name: 'increase_take', args: { hotkey: miner, take } },
      who,
    )?.code
  world.run('sudo_set_min_delegate_take', { take: 100 }, root)
  expect([pool(99, owner), pool(11_797, owner), pool(6000, owner), pool(6000, account(0x12))]).toEqual([
    26,
    27,
    25,
    undefined,
  ])
})

test('try_associate_hotkey takes only unknown hotkeys', () => {
  const world = subnetWorld()
  const associate = (hotkey: typeof miner) => world.outcome('try_associate_hotkey', { hotkey }, signed(account(0x12)))
  expect(associate(miner)).toBe('ok')
  expect(world.state.get(storage.Owner, miner)).toBe(account(0x12))
  expect(world.state.get(storage.OwnedHotkeys, account(0x12))).toEqual([miner])
  expect(associate(ownerHotkey)).toBe('ok')
  expect(world.state.get(storage.Owner, ownerHotkey)).toBe(owner)
})

const text = (length: number) => new Uint8Array(length).fill(0x61)

test('identities', () => {
  const world = subnetWorld()
  const me = {
    name: text(256),
    url: text(1),
    github_repo: text(1),
    image: text(1024),
    discord: text(1),
    description: text(1),
    additional: text(1),
  }
  expect(world.outcome('set_identity', me, signed(account(0x50)))).toBe('HotKeyNotRegisteredInNetwork')
  expect(world.outcome('set_identity', { ...me, url: text(257) }, signed(owner))).toBe('InvalidIdentity')
  expect(world.outcome('set_identity', me, signed(owner))).toBe('ok')
  expect(world.state.get(storage.IdentitiesV2, owner)).toEqual(me)
  const subnet = {
    subnet_name: text(256),
    github_repo: text(1024),
    subnet_contact: text(1),
    subnet_url: text(1),
    discord: text(256),
    description: text(1),
    logo_url: text(1),
    additional: text(1),
  }
  expect(world.outcome('set_subnet_identity', { netuid: 9, ...subnet }, signed(owner))).toBe('SubnetNotExists')
  expect(world.outcome('set_subnet_identity', { netuid: 1, ...subnet }, signed(miner))).toBe('NotSubnetOwner')
  expect(world.outcome('set_subnet_identity', { netuid: 1, ...subnet, discord: text(257) }, signed(owner))).toBe(
    'InvalidIdentity',
  )
  expect(world.outcome('set_subnet_identity', { netuid: 1, ...subnet }, signed(owner))).toBe('ok')
  expect(world.state.get(storage.SubnetIdentitiesV3, 1)).toEqual(subnet)
})

test('update_symbol', () => {
  const world = subnetWorld()
  const update = (symbol: string, who = signed(owner)) =>
    world.outcome('update_symbol', { netuid: 1, symbol: Uint8Array.from(Buffer.from(symbol)) }, who)
  expect(update('β', signed(miner))).toBe('BadOrigin')
  expect(update('!')).toBe('SymbolDoesNotExist')
  expect(update('Τ')).toBe('SymbolDoesNotExist')
  expect(update('α')).toBe('SymbolAlreadyInUse')
  expect(update('β')).toBe('ok')
  fund(world, owner, tao(5000))
  world.run('register_network', { hotkey: account(3) }, signed(owner))
  // β is netuid 2's own, but taken: the first free one is α.
  expect(Buffer.from(world.state.get(storage.TokenSymbol, 2)).toString()).toBe('α')
  expect(update('γ', root)).toBe('ok')
})
