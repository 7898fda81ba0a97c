import { afterEach, expect, test } from 'vitest'
import { hashHeader } from '../../../src/localnet/blocks.ts'
import { decodeExtrinsic } from '../../../src/localnet/extrinsic.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { nonceOf } from '../../../src/localnet/pallets/system.ts'
import { PoolError } from '../../../src/localnet/pool.ts'
import { type Localnet, type LocalnetOptions, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { ValidityFailure } from '../../../src/localnet/validityError.ts'
import { accountOf, alice, bob, dave, signCall, transferOf } from './signedCall.ts'

let localnet: Localnet | undefined

async function start(options: LocalnetOptions = {}): Promise<LocalNode> {
  localnet = await startLocalnet({ port: 0, interval: 'manual', ...options })
  return localnet.node
}

afterEach(async () => {
  await localnet?.close()
  localnet = undefined
})

const toBob = transferOf(accountOf(bob), 1_000_000n)

function refusal(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof ValidityFailure || error instanceof PoolError) return error.message
    throw error
  }
}

test('a transfer moves money, pays its fee to the author and raises the nonce', async () => {
  const node = await start()
  const before = freeBalance(node.headState, accountOf(bob))
  const statuses: unknown[] = []
  let ended = 0
  node.submitAndWatch(
    signCall(node, alice, toBob),
    (status) => statuses.push(status),
    () => ended++,
  )
  const { hash, number } = await node.mine()
  expect(number).toBe(1)
  expect(statuses).toEqual(['ready', { inBlock: hash }, { finalized: hash }])
  expect(ended).toBe(1)
  expect(freeBalance(node.headState, accountOf(bob))).toBe(before + 1_000_000n)
  expect(freeBalance(node.stateAt(0), accountOf(bob))).toBe(before)
  expect(nonceOf(node.headState, accountOf(alice))).toBe(1)
  expect(node.pool.readyCount).toBe(0)
})

test('blocks form a chain of hashed headers that can be read back', async () => {
  const node = await start()
  node.submit(signCall(node, alice, toBob))
  await node.mine(3)
  for (let number = 1; number <= 3; number++) {
    const block = node.blocks.block(number)!
    expect(hashHeader(block.header)).toBe(block.hash)
    expect(block.header.parent_hash).toBe(node.blocks.hashAt(number - 1))
    expect(node.blocks.numberOf(block.hash)).toBe(number)
    const calls = block.extrinsics.map((bytes) => decodeExtrinsic(node.runtime, bytes).call)
    expect(calls[0]).toMatchObject({ pallet: 'Timestamp', name: 'set' })
    // A machine that is slow enough gets pulses of the beacon in between.
    expect(calls.filter(({ pallet }) => pallet !== 'Drand')).toHaveLength(number === 1 ? 2 : 1)
  }
})

test('two nodes with the same inputs have the same state roots', async () => {
  const clock = (): (() => number) => {
    let ms = 1_700_000_000_000
    return () => (ms += 1_000)
  }
  const first = await start({ nowMs: clock() })
  const second = await startLocalnet({ port: 0, interval: 'manual', nowMs: clock() })
  try {
    const extrinsic = signCall(first, alice, toBob)
    for (const node of [first, second.node]) {
      node.submit(extrinsic)
      await node.mine(5)
    }
    expect(second.node.head.header.state_root).toBe(first.head.header.state_root)
  } finally {
    await second.close()
  }
})

test('what the chain would refuse does not get into the pool', async () => {
  const node = await start()
  const badSignature = signCall(node, alice, toBob)
  badSignature[50]! ^= 1
  expect(refusal(() => node.submit(badSignature))).toBe('Transaction has a bad signature')
  const otherSpec = signCall(node, alice, toBob, { specVersion: 1 })
  expect(refusal(() => node.submit(otherSpec))).toBe('Transaction has a bad signature')
  const poor = transferOf(accountOf(alice), 1n)
  const { pairFromUri } = await import('../../../src/keys/derive.ts')
  const nobody = await pairFromUri('//Nobody at all')
  expect(refusal(() => node.submit(signCall(node, nobody, poor)))).toMatch(/^Inability to pay some fees/)
  const tip = freeBalance(node.headState, accountOf(dave))
  expect(refusal(() => node.submit(signCall(node, dave, toBob, { tip })))).toMatch(/^Inability to pay some fees/)
  const known = signCall(node, alice, toBob)
  expect(refusal(() => node.submit(known))).toBe('accepted')
  expect(refusal(() => node.submit(known))).toBe('Transaction Already Imported')
  expect(refusal(() => node.submit(signCall(node, alice, toBob, { nonce: 0 })))).toMatch(/^Priority is too low/)
  await node.mine()
  expect(refusal(() => node.submit(signCall(node, alice, toBob, { nonce: 0 })))).toBe('Transaction is outdated')
})

test('a mortal extrinsic is good within its era and for no other era', async () => {
  const node = await start()
  await node.mine(10)
  const era = { type: 'Mortal', period: 8, phase: 2 } as const
  const checkpointHash = node.blocks.hashAt(10)!
  const good = signCall(node, alice, toBob, { era, checkpointHash })
  expect(
    refusal(() => node.submit(signCall(node, alice, toBob, { era, checkpointHash: node.blocks.hashAt(9)! }))),
  ).toBe('Transaction has a bad signature')
  const ahead = { type: 'Mortal', period: 65_536, phase: 48 } as const
  expect(refusal(() => node.submit(signCall(node, alice, toBob, { era: ahead })))).toBe(
    'Transaction has an ancient birth block',
  )
  // In the pool, but nobody mines it: a gap in the nonces before it.
  const waiting = signCall(node, alice, toBob, { era, checkpointHash, nonce: 1 })
  const statuses: unknown[] = []
  node.submitAndWatch(
    waiting,
    (status) => statuses.push(status),
    () => undefined,
  )
  await node.mine(6)
  expect(statuses).toEqual(['future'])
  expect(refusal(() => node.submit(good))).toBe('accepted')
  await node.mine()
  // Block 17 was the last of the era.
  expect(node.head.header.number).toBe(17)
  expect(statuses).toEqual(['future', 'ready', { inBlock: node.head.hash }, { finalized: node.head.hash }])
  // In the next block another era begins, whose first block nobody knows yet, and then knows as another one.
  const late = signCall(node, alice, toBob, { era, checkpointHash })
  expect(refusal(() => node.submit(late))).toBe('Transaction has an ancient birth block')
  await node.mine()
  expect(refusal(() => node.submit(late))).toBe('Transaction has a bad signature')
})

test('a mortal extrinsic that waits beyond its era is thrown out', async () => {
  const node = await start()
  await node.mine(10)
  const era = { type: 'Mortal', period: 8, phase: 2 } as const
  const waiting = signCall(node, alice, toBob, { era, checkpointHash: node.blocks.hashAt(10)!, nonce: 1 })
  const statuses: unknown[] = []
  node.submitAndWatch(
    waiting,
    (status) => statuses.push(status),
    () => undefined,
  )
  await node.mine(7)
  expect(statuses).toEqual(['future', 'invalid'])
})

test('an extrinsic that became invalid in the pool is dropped when its turn comes', async () => {
  const node = await start()
  const all = freeBalance(node.headState, accountOf(dave))
  const statuses: unknown[] = []
  node.submit(signCall(node, dave, transferOf(accountOf(bob), all - 1_000_000n)))
  const second = signCall(node, dave, toBob, { tip: 900_000n })
  node.submitAndWatch(
    second,
    (status) => statuses.push(status),
    () => undefined,
  )
  await node.mine()
  expect(statuses).toEqual(['ready', 'invalid'])
  expect(refusal(() => node.submit(second))).toBe('Transaction is temporarily banned')
  expect(nonceOf(node.headState, accountOf(dave))).toBe(1)
})

test('a call that fails is in the block, pays its fee and leaves nothing else behind', async () => {
  const node = await start()
  const before = freeBalance(node.headState, accountOf(dave))
  node.submit(signCall(node, dave, transferOf(accountOf(bob), before * 2n)))
  const bobBefore = freeBalance(node.headState, accountOf(bob))
  await node.mine()
  expect(node.head.extrinsics).toHaveLength(2)
  expect(freeBalance(node.headState, accountOf(bob))).toBe(bobBefore)
  const paid = before - freeBalance(node.headState, accountOf(dave))
  expect(paid).toBeGreaterThan(0n)
  expect(paid).toBeLessThan(1_000_000n)
})

test('an instant chain makes one block of all that arrives at once, and none without need', async () => {
  const node = await start({ interval: 'instant' })
  const heard: number[] = []
  const included = new Promise<void>((resolve) => {
    node.onBlock(({ block }) => {
      heard.push(block.extrinsics.length)
      resolve()
    })
  })
  for (let nonce = 0; nonce < 3; nonce++) node.submit(signCall(node, alice, toBob, { nonce }))
  await included
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(heard).toEqual([4])
})

test('a paced chain keeps time: a slot and a timestamp further with each block', async () => {
  const node = await start({ interval: '20ms' })
  await new Promise<void>((resolve) => {
    node.onBlock(({ block }) => block.header.number === 5 && resolve())
  })
  node.stop()
  const times = [1, 2, 3, 4, 5].map((number) => {
    const { call } = decodeExtrinsic(node.runtime, node.blocks.block(number)!.extrinsics[0]!)
    return call.args.now as bigint
  })
  // The fast build's slot is 250 ms, and no two blocks share one.
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBe(250n)
})

test('a dry run tells what would happen and changes nothing', async () => {
  const node = await start()
  const root = node.history.root
  expect(node.dryRun(signCall(node, alice, toBob), 0)).toEqual({ type: 'Ok', 0: { type: 'Ok', 0: undefined } })
  const tooMuch = transferOf(accountOf(bob), 10n ** 18n)
  expect(node.dryRun(signCall(node, alice, tooMuch), 0)).toMatchObject({ type: 'Ok', 0: { type: 'Err' } })
  expect(node.dryRun(signCall(node, alice, toBob, { nonce: 5 }), 0)).toMatchObject({
    type: 'Err',
    0: { type: 'Invalid', 0: { type: 'Future' } },
  })
  expect(node.history.root).toBe(root)
  expect(node.pool.readyCount).toBe(0)
})

test('old states are given up beyond the number of blocks that is kept', async () => {
  const node = await start({ keepBlocks: 10 })
  await node.mine(25)
  expect(node.history.oldest).toBe(15)
  expect(() => node.stateAt(14)).toThrow(RangeError)
  expect(node.blocks.block(14)).toBeUndefined()
  expect(node.blocks.hashAt(0)).toBe(node.genesisHash)
  expect(freeBalance(node.stateAt(15), accountOf(alice))).toBeGreaterThan(0n)
})
