import { expect, onTestFinished, test, vi } from 'vitest'
import { ChainError } from '../../../src/chain/chainError.ts'
import { NodeError } from '../../../src/chain/nodeError.ts'
import { type ProviderOptions, SocketProvider } from '../../../src/chain/socketProvider.ts'
import { startFakeNode } from './fakeNode.ts'

async function provider(options: Partial<ProviderOptions> & { endpoints: string[] }): Promise<SocketProvider> {
  const made = new SocketProvider({ timeoutMs: 10_000, attemptMs: 5_000, heartbeatMs: 60_000, ...options })
  onTestFinished(() => made.disconnect())
  await made.connect()
  return made
}

test('an answer comes to its question, whatever the order; an error keeps its code and data', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint] })
  const [one, two, three] = [chain.send('one', [1]), chain.send('two', []), chain.send('three', [])]
  await node.called(3)
  node.calls[2]!.refuse(1010, 'Invalid Transaction', 'Custom error: 6')
  node.calls[1]!.answer('second')
  node.calls[0]!.answer(null)
  expect(await two).toBe('second')
  expect(await one).toBe(null)
  const error = await three.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(NodeError)
  expect(error).toMatchObject({
    code: 1010,
    data: 'Custom error: 6',
    message: '1010: Invalid Transaction: Custom error: 6',
  })
})

test('after a loss, open reads are asked again and answered once; a submission is not sent twice', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint] })
  const reading = chain.send('state_getStorage', ['0x00'])
  const submitting = chain.send('author_submitExtrinsic', ['0x01'])
  const outcome = submitting.catch((thrown: unknown) => thrown)
  await node.called(2)
  node.drop()
  const lost = await outcome
  expect(lost).toBeInstanceOf(ChainError)
  expect((lost as ChainError).failure.code).toBe('disconnected')
  const again = await node.called(3)
  expect(again).toMatchObject({ method: 'state_getStorage', params: ['0x00'], connection: 1 })
  again.answer('0x2a')
  expect(await reading).toBe('0x2a')
  // Calls come in order, so anything sent twice would be there before this one.
  const marker = chain.send('marker', [])
  ;(await node.called(4)).answer(true)
  await marker
  expect(node.calls.filter(({ method }) => method === 'author_submitExtrinsic').length).toBe(1)
})

test('a subscription goes on under the same id after a loss, and ends under the id that the node has for it', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint] })
  const heard: unknown[] = []
  const subscribing = chain.subscribe('state_storage', 'state_subscribeStorage', [['0x00']], (_error, result) =>
    heard.push(result),
  )
  const first = await node.called(1)
  // A notification that overtakes the answer is kept for it.
  first.notify('A', 1)
  first.answer('A')
  const id = await subscribing
  first.notify('A', 2)
  first.notify('someone else', 99)
  await vi.waitFor(() => expect(heard).toEqual([1, 2]))

  node.drop()
  const second = await node.called(2)
  expect(second).toMatchObject({ method: 'state_subscribeStorage', params: [['0x00']], connection: 1 })
  second.answer('B')
  second.notify('B', 3)
  second.notify('A', 98)
  await vi.waitFor(() => expect(heard).toEqual([1, 2, 3]))

  const ending = chain.unsubscribe('state_storage', 'state_unsubscribeStorage', id)
  const third = await node.called(3)
  expect(third).toMatchObject({ method: 'state_unsubscribeStorage', params: ['B'] })
  third.answer(true)
  expect(await ending).toBe(true)
  second.notify('B', 97)
  expect(await chain.unsubscribe('state_storage', 'state_unsubscribeStorage', id)).toBe(false)
  expect(heard).toEqual([1, 2, 3])
})

test('a loss while a subscription is being asked for leads to one subscription, not two', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint] })
  const subscribing = chain.subscribe('state_storage', 'state_subscribeStorage', [], () => undefined)
  await node.called(1)
  node.drop()
  const again = await node.called(2)
  again.answer('B')
  await subscribing
  const marker = chain.send('marker', [])
  ;(await node.called(3)).answer(true)
  await marker
  expect(node.calls.map(({ method }) => method)).toEqual(['state_subscribeStorage', 'state_subscribeStorage', 'marker'])
})

test('what follows an extrinsic is not taken up on another connection', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint] })
  const watching = chain.subscribe(
    'author_extrinsicUpdate',
    'author_submitAndWatchExtrinsic',
    ['0x01'],
    () => undefined,
  )
  ;(await node.called(1)).answer('W')
  await watching
  node.drop()
  const marker = chain.send('marker', [])
  const next = await node.called(2)
  expect(next.method).toBe('marker')
  next.answer(true)
  await marker
})

test('what @polkadot/api cannot bear to fail is asked until it is answered, at another node if need be', async () => {
  const refusing = await startFakeNode('0xaa', (call) =>
    call.refuse(-32_006, 'Too many subscriptions on the connection'),
  )
  const granting = await startFakeNode('0xaa', (call) => call.answer('S'))
  const chain = await provider({ endpoints: [refusing.endpoint, granting.endpoint], timeoutMs: 50 })
  const id = await chain.subscribe('state_runtimeVersion', 'state_subscribeRuntimeVersion', [], () => undefined)
  expect(id).toContain('state_runtimeVersion')
  expect([refusing.calls.length, granting.calls.length]).toEqual([1, 1])
  expect(chain.lastFailure).toContain('Too many subscriptions')
})

test('a node that sends what is no JSON is left for the next one', async () => {
  const mad = await startFakeNode('0xaa', (call) => call.send('{"jsonrpc":'))
  const sane = await startFakeNode('0xaa', (call) => call.answer(7))
  const chain = await provider({ endpoints: [mad.endpoint, sane.endpoint] })
  expect(await chain.send('anything', [])).toBe(7)
  expect(mad.calls.length).toBe(1)
})

test('a request ends by its time-out, connected or not, and says which', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint], timeoutMs: 300 })
  await expect(chain.send('slow', [])).rejects.toThrow('slow: no answer from the chain within 300 ms')
  const nowhere = await provider({ endpoints: ['ws://127.0.0.1:1'], timeoutMs: 300 })
  await expect(nowhere.send('lost', [])).rejects.toThrow(
    /within 300 ms; no node answers at ws:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED/,
  )
})

test('after its end nothing is waited for', async () => {
  const node = await startFakeNode()
  const chain = await provider({ endpoints: [node.endpoint] })
  const waiting = chain.send('slow', []).catch((error: unknown) => error)
  await node.called(1)
  await chain.disconnect()
  expect(((await waiting) as ChainError).failure.code).toBe('disconnected')
  expect(chain.isConnected).toBe(false)
})
