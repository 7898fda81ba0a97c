import { expect, onTestFinished, test, vi } from 'vitest'
import { readChatSynapse } from '../../src/wire/bittensor/chatSynapse.ts'
import { completionRequestSchema } from '../../src/wire/completionRequest.ts'
import { readAxonMessage, readCallerMessage } from '../../src/wire/readMessage.ts'
import { wireLimits } from '../../src/wire/wireLimits.ts'

/** As many of them as a body has room for. */
const items = (item: string): unknown[] =>
  JSON.parse(
    `[${Array(Math.floor(wireLimits.maxCallerFrameBytes / (item.length + 1)))
      .fill(item)
      .join()}]`,
  )

/** A list that is too long is refused by its length: an issue for each of its items took seconds in which nobody was served. */
test.each(['0', '{}', '[]', '""'])('a body full of %s is refused with one fault', (item) => {
  const many = items(item)
  const user = { role: 'user', content: 'x' }
  const bodies = [{ messages: many }, { messages: [{ role: 'user', content: many }] }, { messages: [user], stop: many }]
  for (const body of bodies) {
    const read = completionRequestSchema.safeParse({ model: 'law', ...body })
    expect(JSON.stringify(read.error?.issues).length).toBeLessThan(1_000)
    expect(readChatSynapse({ domain: 'law', ...body }).ok).toBe(false)
    const request = { maxTokens: 1, temperature: 0, ...body }
    const frame = JSON.stringify({ type: 'ask', id: 'a', domain: 'law', deadlineMs: 1, request })
    expect(readCallerMessage(frame)).toMatchObject({ ok: false, code: 'bad-message' })
  }
})

/** Parsing them and naming each one in the error took the axon’s thread 15 to 30 ms a frame. */
test.each<[where: string, keys: (keys: string) => string]>([
  ['a ping', (keys) => `{"type":"ping",${keys}}`],
  ['a hello', (keys) => `{"type":"hello",${keys}}`],
  ['an ask', (keys) => `{"type":"ask","id":"a",${keys}}`],
  ['a request', (keys) => `{"type":"ask","id":"a","request":{${keys}}}`],
  ['a message', (keys) => `{"type":"ask","id":"a","request":{"messages":[{${keys}}]}}`],
  ['many messages', (keys) => `{"type":"ask","request":{"messages":[{${keys.replaceAll(',', '},{')}}]}}`],
])('%s full of unknown keys is refused without being parsed', (_where, withKeys) => {
  const keys = Array.from({ length: 22_000 }, (_, i) => `"${i.toString(36)}":0`).join()
  const frame = withKeys(keys)
  const parse = vi.spyOn(JSON, 'parse')
  onTestFinished(() => parse.mockRestore())
  expect(readCallerMessage(frame)).toMatchObject({ ok: false, code: 'bad-message', detail: 'more than 1024 keys' })
  expect(readAxonMessage(frame)).toMatchObject({ ok: false, code: 'bad-message' })
  expect(parse).not.toHaveBeenCalled()
})
