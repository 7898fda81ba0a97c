import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { drandEndpoint } from '../../../src/localnet/beacon/drandEndpoint.ts'
import { localBeacon } from '../../../src/localnet/beacon/localBeacon.ts'
import type { DispatchFailure, Origin } from '../../../src/localnet/pallet.ts'
import { quicknetConfiguration, storage } from '../../../src/localnet/pallets/drand/storage.ts'
import type { Pulse } from '../../../src/localnet/pallets/drand/types.ts'
import { drand } from '../../../src/localnet/pallets/drand.ts'
import { storage as subtensor } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { storage as timestamp } from '../../../src/localnet/pallets/timestamp.ts'
import { encode } from '../../../src/localnet/scale/types.ts'
import { startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { makeBeaconKey } from '../../../src/timelock/makeBeaconKey.ts'
import { randomnessOf, signRound, verifyRound } from '../../../src/timelock/scheme.ts'
import { quicknetBytes } from './quicknetBytes.ts'
import { account, emptyWorld, root, signed, type World } from './subtensorWorld.ts'

const key = makeBeaconKey('test')
const none: Origin = { kind: 'none' }
const pulseOf = (round: number): Pulse => {
  const signature = signRound(key.secret, round)
  return { round: BigInt(round), randomness: randomnessOf(signature), signature }
}

/** A chain that follows the test's beacon, born at second 100 with a round every second. */
function beaconWorld(): World {
  const world = emptyWorld()
  const config = { ...quicknetConfiguration, public_key: key.publicKey, genesis_time: 100, period: 1 }
  world.state.set(storage.BeaconConfig, [], config)
  return world
}

function run(world: World, name: string, args: object, origin: Origin): string {
  try {
    world.state.transaction(() => drand.calls[name]!.run({ ...world, block: world.block, origin }, args as never))
    return 'ok'
  } catch (error) {
    return (error as DispatchFailure).message
  }
}

const write = (world: World, pulses: Pulse[], origin: Origin = none): string => {
  const pulses_payload = { block_number: 1, pulses, public: { type: 'Sr25519', 0: new Uint8Array(32) } }
  return run(world, 'write_pulse', { pulses_payload, signature: undefined }, origin)
}
const rounds = (world: World): number[] =>
  [...world.state.entries(storage.Pulses)].map(([[round]]) => Number(round)).sort((a, b) => a - b)

test('a pulse is stored when it is signed by the beacon and newer than the last one', () => {
  const world = beaconWorld()
  expect(write(world, [pulseOf(5)])).toBe('ok')
  expect(world.events).toEqual([{ name: 'NewPulse', fields: { rounds: [5n] } }])
  expect(write(world, [pulseOf(5)])).toBe('Drand.InvalidRoundNumber')
  expect(write(world, [{ ...pulseOf(6), signature: pulseOf(7).signature }])).toBe('Drand.PulseVerificationError')
  expect(write(world, [pulseOf(6), pulseOf(7)])).toBe('ok')
  expect(write(world, [pulseOf(8)], signed(account(1)))).toBe('BadOrigin')
  expect(rounds(world)).toEqual([5, 6, 7])
  expect(world.state.get(storage.Pulses, 6n)).toEqual(pulseOf(6))
  expect([storage.OldestStoredRound, storage.LastStoredRound].map((item) => world.state.get(item))).toEqual([5n, 7n])
  expect(world.state.get(storage.NextUnsignedAt)).toBe(world.block)
})

test('pulses of more than a week ago are removed, a hundred at a time', () => {
  const world = beaconWorld()
  for (const round of [1, 60, 150]) write(world, [pulseOf(round)])
  expect(write(world, [pulseOf(216_120)])).toBe('ok')
  expect(world.state.get(storage.OldestStoredRound)).toBe(101n)
  expect(rounds(world)).toEqual([150, 216_120])
  expect(write(world, [pulseOf(216_121)])).toBe('ok')
  expect(world.state.get(storage.OldestStoredRound)).toBe(122n)
})

test('the beacon of the storage default is quicknet, to the byte', () => {
  const encoded = encode(storage.BeaconConfig.value, storage.BeaconConfig.fallback('normal'))
  expect(Buffer.from(encoded).toString('hex')).toBe(quicknetBytes)
})

test('root names another beacon and the oldest round; nobody else does', () => {
  const world = beaconWorld()
  const other = { ...quicknetConfiguration, period: 7 }
  const config_payload = { block_number: 1, config: other, public: { type: 'Ed25519', 0: new Uint8Array(32) } }
  expect(run(world, 'set_beacon_config', { config_payload, signature: undefined }, signed(account(1)))).toBe(
    'BadOrigin',
  )
  expect(run(world, 'set_beacon_config', { config_payload, signature: undefined }, root)).toBe('ok')
  expect(world.state.get(storage.BeaconConfig)).toEqual(other)
  expect(run(world, 'set_oldest_stored_round', { oldest_round: 3n }, none)).toBe('BadOrigin')
  expect(run(world, 'set_oldest_stored_round', { oldest_round: 3n }, root)).toBe('ok')
  expect(world.state.get(storage.OldestStoredRound)).toBe(3n)
  expect(world.events.map(({ name }) => name)).toEqual(['BeaconConfigChanged', 'SetOldestStoredRound'])
})

/** A beacon under the test's key at a clock that the test moves, with the rounds that it would sign. */
function beaconAt(world: World) {
  const clock = { nowMs: 0 }
  const beacon = localBeacon({ seed: 'test', periodS: 1, nowMs: () => clock.nowMs })
  const due = (second: number): number[] =>
    beacon.due({ state: world.state, timestampMs: second * 1000 }).map(({ round }) => Number(round))
  return { clock, beacon, due }
}

test('a beacon of our own signs each round as it comes due', () => {
  const world = beaconWorld()
  const { clock, beacon, due } = beaconAt(world)
  expect(due(99)).toEqual([])
  const [first] = beacon.due({ state: world.state, timestampMs: 100_999 })
  expect(first).toEqual(pulseOf(1))
  expect(verifyRound(key.publicKey, 1, first!.signature)).toBe(true)
  write(world, [first!])
  clock.nowMs = 1_000
  expect(due(100.9)).toEqual([])
  expect(due(103)).toEqual([2, 3, 4])
})

test('where blocks are mined faster than time passes, it signs what is waited for and leaves out the rest', () => {
  const world = beaconWorld()
  const { clock, due } = beaconAt(world)
  write(world, [pulseOf(1)])
  expect(due(101)).toEqual([2])
  expect(due(110)).toEqual([])
  const waiting = (round: bigint) =>
    [account(1), 1n, new Uint8Array(), round] as [`0x${string}`, bigint, Uint8Array, bigint]
  world.state.set(subtensor.TimelockedWeightCommits, [1, 4n], [waiting(9n), waiting(5n), waiting(5n)])
  world.state.set(subtensor.TimelockedWeightCommits, [2, 4n], [waiting(1n), waiting(12n)])
  expect(due(110)).toEqual([5, 9])
  clock.nowMs = 1_000
  // Far behind: the newest one of those that nobody waits for.
  expect(due(110)).toEqual([5, 9, 11])
})

test('however many rounds are waited for, a block has a hundred of them, and none is passed over', () => {
  const world = beaconWorld()
  const { beacon } = beaconAt(world)
  const waiting = Array.from({ length: 120 }, (_, i): [`0x${string}`, bigint, Uint8Array, bigint] => {
    return [account(1), 1n, new Uint8Array(), BigInt(240 - 2 * i)]
  })
  world.state.set(subtensor.TimelockedWeightCommits, [1, 4n], waiting)
  const next = (): number[] => {
    const pulses = beacon.due({ state: world.state, timestampMs: 500_000 })
    expect(write(world, pulses)).toBe('ok')
    return pulses.map(({ round }) => Number(round))
  }
  expect(next()).toEqual(Array.from({ length: 100 }, (_, i) => 2 * (i + 1)))
  expect(next()).toEqual([...Array.from({ length: 20 }, (_, i) => 202 + 2 * i), 401])
})

test('it keeps silent on a chain that follows another beacon, and before it begins', () => {
  const world = beaconWorld()
  const { due } = beaconAt(world)
  const config = world.state.get(storage.BeaconConfig)
  world.state.set(storage.BeaconConfig, [], { ...config, public_key: quicknetConfiguration.public_key })
  expect(due(200)).toEqual([])
  for (const stopped of [{ genesis_time: 0 }, { period: 0 }]) {
    world.state.set(storage.BeaconConfig, [], { ...config, ...stopped })
    expect(due(200)).toEqual([])
  }
  world.state.set(storage.BeaconConfig, [], { ...config, genesis_time: 0 })
  world.state.set(timestamp.Now, [], 199_250n)
  drand.onFinalize!(world)
  expect(world.state.get(storage.BeaconConfig).genesis_time).toBe(201)
  expect([200.9, 201].map(due)).toEqual([[], [1]])
})

test('the seed decides on the key and with it on block 0, and nothing else does', async () => {
  const genesisHash = async (seed: string, nowMs: number): Promise<string> => {
    const localnet = await startLocalnet({ port: 0, interval: 'manual', beacon: { seed }, nowMs: () => nowMs })
    await localnet.close()
    return localnet.node.genesisHash
  }
  const first = await genesisHash('a', 1_000_000)
  expect(await genesisHash('a', 9_000_000)).toBe(first)
  expect(await genesisHash('b', 1_000_000)).not.toBe(first)
})

let server: Server | undefined
let close: (() => Promise<void> | void) | undefined
afterEach(async () => {
  await close?.()
  server?.close()
  server = close = undefined
})

/** A drand server of one network. `pulse` says what it answers for a round; `undefined` is a 404. */
async function serve(pulse: (round: string) => object | undefined): Promise<{ endpoint: string; asked: string[] }> {
  const asked: string[] = []
  server = createServer((request, response) => {
    const [, chainHash, , round] = request.url!.split('/')
    asked.push(`${chainHash}/${round}`)
    const answer = pulse(round!)
    response.statusCode = answer === undefined ? 404 : 200
    response.end(JSON.stringify(answer ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

const told = (round: number) => ({ round, signature: Buffer.from(pulseOf(round).signature).toString('hex') })
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('a drand server: the newest pulse first, then each one in turn; failures are told once', async () => {
  const world = beaconWorld()
  let latest = 5
  const broken = { on: false }
  const { endpoint, asked } = await serve((round) => {
    if (broken.on) return round === 'latest' ? told(99) : undefined
    return told(round === 'latest' ? latest : Number(round))
  })
  const notes: string[] = []
  const network = { publicKey: key.publicKey, chainHash: 'abcd' }
  const source = drandEndpoint({ endpoint, everyMs: 5, network, note: (line) => notes.push(line) })
  close = () => source.stop()
  const due = (): Pulse[] => source.due({ state: world.state, timestampMs: 0 })
  expect(due()).toEqual([])
  source.start()
  await until(() => due().length === 1)
  expect(due()).toEqual([pulseOf(5)])
  latest = 8
  await until(() => due().length === 4)
  // They are given again until the chain has them.
  expect(write(world, due())).toBe('ok')
  expect(due()).toEqual([])
  expect(rounds(world)).toEqual([5, 6, 7, 8])
  // And after a chain has gone back to an earlier block.
  const earlier = { state: beaconWorld().state, timestampMs: 0 }
  expect(source.due(earlier).map(({ round }) => Number(round))).toEqual([5, 6, 7, 8])
  expect(asked.slice(0, 1)).toEqual(['abcd/latest'])
  expect(asked.filter((url) => /\d$/.test(url))).toEqual(['abcd/6', 'abcd/7'])
  broken.on = true
  await until(() => asked.filter((url) => url === 'abcd/9').length > 2)
  broken.on = false
  latest = 9
  await until(() => due().length === 1)
  await until(() => notes.length === 2)
  expect(notes).toEqual([`drand endpoint: ${endpoint}abcd/public/9: HTTP 404`, 'drand endpoint: it answers again'])
})

test('signatures of another network never get to the chain', async () => {
  const { endpoint, asked } = await serve(() => told(5))
  const notes: string[] = []
  const source = drandEndpoint({ endpoint, everyMs: 5, note: (line) => notes.push(line) })
  close = () => source.stop()
  source.start()
  await until(() => asked.length > 2)
  expect(source.due({ state: emptyWorld().state, timestampMs: 0 })).toEqual([])
  expect(notes).toEqual([`drand endpoint: ${endpoint}: the signature of round 5 is not the network's`])
})

test('a localnet with a drand server has quicknet as its beacon and its pulses in its blocks', async () => {
  const signature = 'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'
  const { endpoint } = await serve(() => ({ round: 1000, signature }))
  const localnet = await startLocalnet({ port: 0, interval: 'manual', beacon: { endpoint, everyMs: 5 } })
  close = () => localnet.close()
  const { node } = localnet
  expect(node.headState.get(storage.BeaconConfig)).toEqual(quicknetConfiguration)
  while (node.headState.get(storage.LastStoredRound) === 0n) {
    // Mining alone leaves the sockets no turn.
    await new Promise((resolve) => setTimeout(resolve, 5))
    await node.mine()
  }
  expect(Buffer.from(node.headState.get(storage.Pulses, 1000n)!.signature).toString('hex')).toBe(signature)
  await expect(startLocalnet({ port: 0, beacon: { endpoint: 'api.drand.sh' } })).rejects.toThrow('beacon.endpoint')
})
