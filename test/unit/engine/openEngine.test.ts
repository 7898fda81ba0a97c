import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { onnxBytes } from './onnxBytes.ts'
import { tinyModelFolder } from './tinyModel.ts'

let remove: () => Promise<void> = async () => undefined
afterEach(async () => await remove())

async function script(): Promise<string> {
  const made = await tinyModelFolder({ kind: 'script', script: ['a', '<eos>'] })
  remove = made.remove
  return made.folder
}

const smallGraph = {
  name: 'small',
  nodes: [{ op: 'Identity', inputs: ['input_ids'], outputs: ['logits'] }],
  inputs: [{ name: 'input_ids', type: 'int64', dims: ['batch', 'new'] }],
  outputs: [{ name: 'logits', type: 'int64', dims: ['batch', 'new'] }],
} as const

describe('openEngine', () => {
  it('names, fingerprints and measures the model', async () => {
    const folder = await script()
    const lines: string[] = []
    const engine = await openEngine({ folder, onDevice: (line) => lines.push(line) })
    await engine.close()
    const files = [
      'config.json',
      'generation_config.json',
      'onnx/model.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]
    const sums = createHash('sha256')
    for (const name of files) {
      const digest = createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex')
      sums.update(`${digest}  ${name}\n`)
    }
    expect(engine.model).toMatchObject({ fingerprint: sums.digest('hex'), contextTokens: 512, device: 'cpu' })
    expect(engine.model.name.endsWith(`/${basename(folder)}`)).toBe(true)
    expect(lines).toEqual([
      'cpu: chosen',
      expect.stringMatching(/^cpu: 0\.\d MB of weights, model\.onnx warm after \d+ ms$/),
      'batches: the same bits in any company',
    ])
  })

  it('says where a graph computes one row alone', async () => {
    const made = await tinyModelFolder({ kind: 'history' })
    remove = made.remove
    const lines: string[] = []
    const engine = await openEngine({ folder: made.folder, onDevice: (line) => lines.push(line) })
    await engine.close()
    expect(lines.at(-1)).toBe('one sequence at a time: it does not compute several rows')
  })

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'])(
    'names %s where it is missing',
    async (name) => {
      const folder = await script()
      await rm(join(folder, name))
      const path = name.startsWith('onnx') ? 'onnx' : name
      await expect(openEngine({ folder })).rejects.toMatchObject({
        failure: { code: 'bad-model', path: join(folder, path) },
      })
    },
  )

  it('does without generation_config.json', async () => {
    const folder = await script()
    await rm(join(folder, 'generation_config.json'))
    const engine = await openEngine({ folder })
    const reasons: string[] = []
    const request = { messages: [{ role: 'user', content: 'Q' }], maxTokens: 9, temperature: 0 } as const
    for await (const event of engine.generate(request)) if (event.type === 'done') reasons.push(event.reason)
    await engine.close()
    expect(reasons).toEqual(['stop'])
  })

  it('says where a folder does not exist', async () => {
    await expect(openEngine({ folder: '/no/such/model' })).rejects.toMatchObject({
      failure: { code: 'bad-model' },
      mend: expect.stringContaining('Hugging Face layout'),
    })
  })

  it('names a configuration that does not say how long a text may be', async () => {
    const folder = await script()
    await writeFile(join(folder, 'config.json'), '{"eos_token_id": 0}')
    await expect(openEngine({ folder })).rejects.toThrow(/config\.json: it does not say how long/)
  })

  it('names a file that is not ONNX', async () => {
    const folder = await script()
    await writeFile(join(folder, 'onnx', 'model.onnx'), 'not a graph')
    await expect(openEngine({ folder })).rejects.toMatchObject({ failure: { code: 'bad-model' } })
  })

  it('refuses a graph without a cache, and one with an input that no decoder has', async () => {
    const folder = await script()
    const write = (inputs: Parameters<typeof onnxBytes>[0]['inputs']): Promise<void> =>
      writeFile(join(folder, 'onnx', 'model.onnx'), onnxBytes({ ...smallGraph, inputs }))
    await write(smallGraph.inputs)
    await expect(openEngine({ folder })).rejects.toThrow(/no key-value cache/)
    await write([...smallGraph.inputs, { name: 'pixel_values', type: 'float32', dims: [1] }])
    await expect(openEngine({ folder })).rejects.toThrow(/input pixel_values is none/)
  })

  it('takes the only graph there is, and asks where there are several', async () => {
    const made = await tinyModelFolder({ kind: 'script', script: ['a', '<eos>'], graphName: 'model_q4.onnx' })
    remove = made.remove
    const engine = await openEngine({ folder: made.folder })
    await engine.close()
    await writeFile(join(made.folder, 'onnx', 'model_fp16.onnx'), '')
    const choice = expect.objectContaining({ mend: 'choose one with --model.dtype fp16|q4' })
    await expect(openEngine({ folder: made.folder })).rejects.toEqual(choice)
    await expect(openEngine({ folder: made.folder, dtype: 'int8' })).rejects.toThrow(/not model_int8\.onnx/)
    await (await openEngine({ folder: made.folder, dtype: 'q4' })).close()
  })
})
