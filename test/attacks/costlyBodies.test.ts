import { expect, test } from 'vitest'
import { readChatSynapse } from '../../src/wire/bittensor/chatSynapse.ts'
import { completionRequestSchema } from '../../src/wire/completionRequest.ts'
import { readCallerMessage } from '../../src/wire/readMessage.ts'
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
