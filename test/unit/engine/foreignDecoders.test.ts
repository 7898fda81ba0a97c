import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadMiner } from '../../../src/domain/load.ts'
import type { EngineEvent } from '../../../src/engine/engine.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { chooseModel } from '../../../src/miner/chooseModel.ts'

const folders = fileURLToPath(new URL('../../vectors/decoders', import.meta.url))
const vectorSchema = z.object({ newTokens: z.number(), answers: z.record(z.string(), z.string()) })

// Untrained models, exported with the training recipe's tools; the texts are PyTorch's, computed without a cache.
describe.each(['llama', 'qwen2', 'gpt2'])('a %s decoder in place of ours', (name) => {
  it('says token for token what PyTorch says', async () => {
    const folder = chooseModel(await loadMiner('law'), join(folders, name))!
    const { newTokens, answers } = vectorSchema.parse(JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')))
    const engine = await openEngine({ folder })
    for (const [content, answer] of Object.entries(answers)) {
      const events: EngineEvent[] = []
      const request = { messages: [{ role: 'user', content }], maxTokens: newTokens, temperature: 0 } as const
      for await (const event of engine.generate(request)) events.push(event)
      expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(answer)
      expect(new Set(answer).size).toBeGreaterThan(1)
      const promptTokens = `user: ${content}\nassistant:`.length
      expect(events.at(-1)).toMatchObject({ type: 'done', promptTokens, confidence: expect.any(Number) })
    }
    await engine.close()
  })
})
