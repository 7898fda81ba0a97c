import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pack } from '../../../src/localnet/blocks.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { nonceOf, storage as system } from '../../../src/localnet/pallets/system.ts'
import { type Localnet, type LocalnetOptions, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { accountOf, alice, bob, signCall, transferOf } from './signedCall.ts'
import { account } from './subtensorWorld.ts'

let folder: string
let running: Localnet | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'localnet-data-'))
})

afterEach(async () => {
  await running?.close()
  running = undefined
  rmSync(folder, { recursive: true })
})

/** Ends the one that runs and starts another on the same directory. */
async function restart(options: LocalnetOptions = {}): Promise<Localnet> {
  await running?.close()
  running = undefined
  running = await startLocalnet({ port: 0, interval: 'manual', dataDir: folder, ...options })
  return running
}

const stranger = account(0x77)

test('a restart goes on at the last block, with genesis, state, older states and blocks', async () => {
  let chain = await restart()
  chain.setBalance(stranger, 1_000_000n)
  chain.node.submit(signCall(chain.node, alice, transferOf(accountOf(bob), 7n)))
  await chain.mine(20)
  chain.setBalance(stranger, 2_000_000n)
  chain.jumpTime(3_600_000)
  await chain.mine(5)
  chain.setBalance(stranger, 3_000_000n)
  const { head, history, genesisHash } = chain.node
  const root = history.root
  const roots = Array.from({ length: 26 }, (_, block) => freeBalance(chain.node.stateAt(block), stranger))
  chain = await restart()
  expect(chain.node.genesisHash).toBe(genesisHash)
  expect(Buffer.from(pack(chain.node.head))).toEqual(Buffer.from(pack(head)))
  expect(chain.node.history.root).toBe(root)
  expect(Array.from({ length: 26 }, (_, block) => freeBalance(chain.node.stateAt(block), stranger))).toEqual(roots)
  expect(chain.node.blocks.numberOf(chain.node.blocks.hashAt(9)!)).toBe(9)
  expect(nonceOf(chain.node.stateAt(0), accountOf(alice))).toBe(0)
  expect(nonceOf(chain.node.stateAt(1), accountOf(alice))).toBe(1)
  chain.node.submit(signCall(chain.node, alice, transferOf(accountOf(bob), 7n)))
  expect(await chain.mine()).toMatchObject({ number: 26 })
  expect(chain.node.head.header.parent_hash).toBe(head.hash)
  expect(chain.node.timestampMs).toBeGreaterThan(Date.now() + 3_000_000)
})

test('a revert and a loaded chain are on the disk as well', async () => {
  let chain = await restart()
  await chain.mine(3)
  const snapshot = chain.snapshot()
  chain.setBalance(stranger, 5_000n)
  await chain.mine(4)
  const dump = chain.dumpState()
  chain.revert(snapshot)
  await chain.mine(1)
  const { head } = chain.node
  chain = await restart()
  expect(Buffer.from(pack(chain.node.head))).toEqual(Buffer.from(pack(head)))
  expect(freeBalance(chain.node.headState, stranger)).toBe(0n)
  expect(chain.node.blocks.block(5)).toBeUndefined()
  expect(chain.node.stateAt(2).get(system.Number)).toBe(2)
  chain.loadState(dump)
  chain.setBalance(stranger, 6_000n)
  await chain.mine(2)
  chain = await restart()
  expect(chain.node.head.header.number).toBe(9)
  expect(freeBalance(chain.node.headState, stranger)).toBe(6_000n)
  expect(chain.node.history.oldest).toBe(7)
})

test('only so many blocks are kept', async () => {
  let chain = await restart({ keepBlocks: 10 })
  await chain.mine(50)
  chain = await restart({ keepBlocks: 10 })
  expect(chain.node.blocks.block(39)).toBeUndefined()
  expect(chain.node.blocks.block(0)).toBeDefined()
  expect(chain.node.stateAt(40).get(system.Number)).toBe(40)
  expect(await chain.mine()).toMatchObject({ number: 51 })
})

test('where fewer blocks are kept than before, the directory lets go of the others', async () => {
  let chain = await restart()
  await chain.mine(30)
  chain = await restart({ keepBlocks: 10 })
  await chain.mine()
  await chain.close()
  running = undefined
  const database = new Database(join(folder, 'chain.db'))
  const kept = database.prepare('SELECT number FROM blocks ORDER BY number').pluck().all()
  database.close()
  expect(kept).toEqual([0, ...Array.from({ length: 11 }, (_, i) => 21 + i)])
})

test('a directory of another chain, in use, or that is none is refused by name', async () => {
  const chain = await restart()
  await chain.mine()
  const start = (options: LocalnetOptions) =>
    startLocalnet({ port: 0, interval: 'manual', dataDir: folder, ...options })
  await expect(start({})).rejects.toThrow(`data-dir: "${folder}" cannot be used`)
  await chain.close()
  running = undefined
  await expect(start({ build: 'normal' })).rejects.toMatchObject({ mend: expect.stringContaining('its genesis is 0x') })
  const endow = [{ address: '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y', rao: 1_000_000_000n }]
  await expect(start({ endow })).rejects.toMatchObject({ mend: expect.stringContaining('holds another chain') })
  const file = join(folder, 'file')
  writeFileSync(file, 'no directory')
  await expect(start({ dataDir: file })).rejects.toThrow('data-dir: ')
  await restart()
  expect(running!.node.head.header.number).toBe(1)
})
