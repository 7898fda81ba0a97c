import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { ChainError, type ChainFailure } from '../../src/chain/chainError.ts'
import { type Chain, type ConnectOptions, connectChain } from '../../src/chain/connect.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { readOne } from '../../src/chain/readMany.ts'
import { transfer } from '../../src/chain/transfer.ts'
import { asNumber } from '../../src/chain/values.ts'
import { watchBlocks } from '../../src/chain/watchBlocks.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts'

let localnet: Localnet
let alice: Signer

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '100ms' })
  alice = localSigner(await pairFromUri('//Alice'))
})

afterAll(async () => {
  await localnet?.close()
})

async function proxy(): Promise<TcpProxy> {
  const made = await startTcpProxy(localnet.port)
  onTestFinished(() => made.close())
  return made
}

async function connected(options: ConnectOptions): Promise<Chain> {
  const chain = await connectChain(options)
  onTestFinished(() => chain.close())
  return chain
}

/** Numbers of the blocks that arrive, and a wait for one beyond a given number. */
async function blocksOf(chain: Chain): Promise<{ last: () => number; beyond: (number: number) => Promise<void> }> {
  let last = 0
  let wake = (): void => undefined
  const stop = await watchBlocks(
    chain,
    ({ number }) => {
      last = number
      wake()
    },
    (error) => {
      throw error
    },
  )
  onTestFinished(stop)
  return {
    last: () => last,
    async beyond(number) {
      while (last <= number) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

async function failureOf(work: Promise<unknown>): Promise<ChainFailure> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ChainError)
  return (thrown as ChainError).failure
}

const blockNumber = async (chain: Chain): Promise<number> => asNumber(await readOne(chain, 'System', 'Number'))

test('when its node dies, reads and subscriptions go on at the next one', async () => {
  const [first, second] = [await proxy(), await proxy()]
  const chain = await connected({ endpoints: [first.endpoint, second.endpoint] })
  const turns: boolean[] = []
  chain.onConnection((is) => turns.push(is))
  const blocks = await blocksOf(chain)
  await blocks.beyond(0)
  expect([first.connections(), second.connections()]).toEqual([1, 0])

  await first.close()
  // Asked while there is no connection at all: the answer waits for the next one.
  expect(await blockNumber(chain)).toBeGreaterThan(0)
  expect(second.connections()).toBe(1)
  await blocks.beyond(localnet.node.head.header.number)
  expect(turns).toEqual([false, true])
})

test('it goes on from node to node for as long as one of them answers', async () => {
  const [first, second] = [await proxy(), await proxy()]
  const chain = await connected({ endpoints: [first.endpoint, second.endpoint] })
  const blocks = await blocksOf(chain)
  for (let i = 0; i < 4; i++) {
    first.cut()
    second.cut()
    await blocks.beyond(localnet.node.head.header.number)
    expect(await blockNumber(chain)).toBeGreaterThan(0)
  }
})

test('a read under way when the connection breaks is repeated', async () => {
  const [first, second] = [await proxy(), await proxy()]
  const chain = await connected({ endpoints: [first.endpoint, second.endpoint] })
  first.freeze()
  const reading = getBalance(chain, { address: alice.address })
  first.cut()
  expect((await reading).free).toBeGreaterThan(0n)
})

test('a socket that has gone silent is found out, though nobody closed it', async () => {
  const [first, second] = [await proxy(), await proxy()]
  const chain = await connected({ endpoints: [first.endpoint, second.endpoint], heartbeatMs: 800 })
  const blocks = await blocksOf(chain)
  await blocks.beyond(0)
  first.freeze()
  const frozenAt = localnet.node.head.header.number
  await blocks.beyond(frozenAt + 1)
  expect(second.connections()).toBe(1)
})

test('a call without an answer ends by its time-out, with what to do', async () => {
  const only = await proxy()
  const chain = await connected({ endpoints: [only.endpoint], timeoutMs: 500, heartbeatMs: 60_000 })
  only.freeze()
  expect(await failureOf(blockNumber(chain))).toEqual({ code: 'timeout', what: 'state_queryStorageAt', afterMs: 500 })
  // So do the calls that @polkadot/api makes by itself, such as those of signing.
  const sending = transfer(chain, { signer: alice, to: alice.address, amount: 1n as Rao })
  expect(await failureOf(sending)).toMatchObject({ code: 'timeout', afterMs: 500 })
  only.thaw()
  expect(await blockNumber(chain)).toBeGreaterThan(0)
})

test('a server that accepts connections and never answers is passed over', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const endpoint = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`

  const chain = await connected({ endpoints: [endpoint, localnet.endpoint], attemptMs: 300 })
  expect(await blockNumber(chain)).toBeGreaterThan(0)

  const alone = connectChain({ endpoints: [endpoint], attemptMs: 200, connectTimeoutMs: 1_000 })
  await expect(alone).rejects.toThrow(`no chain answers: ${endpoint}: no answer within 200 ms`)
})

test('where nothing listens, a person is not kept waiting', async () => {
  const gone = await startTcpProxy(localnet.port)
  await gone.close()
  const attempt = connectChain({ endpoints: [gone.endpoint], connectRounds: 2, connectTimeoutMs: 60_000 })
  const error = await attempt.catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    message: expect.stringContaining('ECONNREFUSED'),
    mend: expect.stringContaining('faculty localnet'),
    failure: { code: 'disconnected', endpoints: [gone.endpoint] },
  })
})

test('a node of another chain is never taken for the next one', async () => {
  const other = await startLocalnet({ port: 0, interval: '100ms', endow: [{ address: alice.address, rao: 1n }] })
  onTestFinished(() => other.close())
  expect(other.node.genesisHash).not.toBe(localnet.node.genesisHash)
  const first = await proxy()
  const chain = await connected({ endpoints: [first.endpoint, other.endpoint] })
  first.cut()
  const head = await chain.send<string>('chain_getBlockHash', [0])
  expect(head).toBe(localnet.node.genesisHash)
  expect(first.connections()).toBe(1)

  const wrong = connectChain({ endpoints: [other.endpoint], genesisHash: localnet.node.genesisHash, connectRounds: 1 })
  expect(await failureOf(wrong)).toEqual({
    code: 'wrong-chain',
    expected: localnet.node.genesisHash,
    found: other.node.genesisHash,
  })
})

test('an extrinsic whose connection breaks is found in its block, and not sent twice', async () => {
  const manual = await startLocalnet({ port: 0, interval: 'manual' })
  onTestFinished(() => manual.close())
  const [first, second] = [await startTcpProxy(manual.port), await startTcpProxy(manual.port)]
  onTestFinished(() => Promise.all([first.close(), second.close()]).then(() => undefined))
  const chain = await connected({ endpoints: [first.endpoint, second.endpoint] })
  const to = localSigner(await pairFromUri('//Receiver')).address
  const sending = transfer(chain, { signer: alice, to, amount: raoPerToken as Rao })
  while (manual.node.pool.readyCount === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  first.cut()
  await manual.node.mine(3)
  const { blockHash, events } = await sending
  expect(events.map(({ event }) => event.method)).toContain('Transfer')
  expect(manual.node.blocks.numberOf(blockHash)).toBe(1)
  expect((await getBalance(chain, { address: to })).free).toBe(raoPerToken)
})

test('an extrinsic is looked for again where the next node does not know its block yet', async () => {
  const localnet = await startLocalnet({ port: 0, interval: 'instant' })
  onTestFinished(() => localnet.close())
  const chain = await connected({ endpoints: [localnet.endpoint] })
  let unknown = 2
  const behind: Chain = {
    ...chain,
    send: async <T>(method: string, params: readonly unknown[]) =>
      method === 'chain_getBlock' && unknown-- > 0 ? (null as T) : await chain.send<T>(method, params),
  }
  const to = localSigner(await pairFromUri('//Receiver')).address
  const { events } = await transfer(behind, { signer: alice, to, amount: raoPerToken as Rao })
  expect(events.map(({ event }) => event.method)).toContain('Transfer')
  expect(unknown).toBeLessThan(0)
})
