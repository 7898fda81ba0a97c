import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packagePath } from '../../../src/base/packagePath.ts'
import type { FormatComparison } from '../../../src/cli/eval/compareFormats.ts'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { builtInDomains, loadValidator } from '../../../src/domain/load.ts'
import { manifestSchema } from '../../../src/domain/manifest.ts'
import type { Dtype } from '../../../src/engine/dtypes.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { writeTinyModel } from '../engine/tinyModel.ts'
import { run } from './runCommand.ts'

/** One that ships in fp32: a large one may come in 8 bits alone. */
const shipped = (name: string): string => packagePath('miners', name, 'expert')
const domain = builtInDomains.find((name) => existsSync(join(shipped(name), 'onnx', 'model.onnx')))!
const tasks = 40

let folder: string
const expert = (): string => join(folder, 'expert')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-quantize-'))
  await cp(shipped(domain), expert(), { recursive: true })
  await cp(packagePath('miners', domain, 'manifest.json'), join(folder, 'manifest.json'))
  await rm(join(expert(), 'onnx', 'model_int8.onnx'), { force: true })
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

async function answerOf(engine: Engine, question: string): Promise<{ text: string; traceHash: string }> {
  const request = { messages: [{ role: 'user' as const, content: question }], maxTokens: 192, temperature: 0 }
  let text = ''
  for await (const event of engine.generate(request, new AbortController().signal)) {
    if (event.type === 'text') text += event.text
    if (event.type === 'done') return { text, traceHash: event.traceHash }
  }
  throw new Error('no done event')
}

describe('faculty model quantize', () => {
  it('shrinks a shipped model to a third, and at most one answer of 40 changes, alone and in a batch', async () => {
    const { json } = await run('model quantize', [expert(), '--json'])
    const file = join(expert(), 'onnx', 'model_int8.onnx')
    const report = json() as { file: string; bytesBefore: number; bytesAfter: number; worst: { relativeError: number } }
    expect(report).toMatchObject({ file, bytesAfter: (await stat(file)).size })
    expect(report.bytesAfter).toBeLessThan(report.bytesBefore / 3)
    expect(report.worst.relativeError).toBeGreaterThan(0.001)
    expect(report.worst.relativeError).toBeLessThan(0.02)

    const manifest = join(folder, 'manifest.json')
    const { families } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')))
    const some = { seed: 'quantize', count: tasks, ...(families !== undefined && { families }) }
    const questions = Array.from(generateTasks(await loadValidator(domain), some), ({ question }) => question)
    const lines: Record<string, string | undefined> = {}
    const opened = async (dtype: Dtype): Promise<Engine> =>
      await openEngine({ folder: expert(), dtype, onDevice: (line) => (lines[dtype] = line) })
    const [whole, small] = [await opened('fp32'), await opened('int8')]
    const right = await Promise.all(questions.map((question) => answerOf(whole, question)))
    const given: typeof right = []
    for (let i = 0; i < tasks; i += 8) {
      given.push(...(await Promise.all(questions.slice(i, i + 8).map((question) => answerOf(small, question)))))
    }
    expect(given).toHaveLength(tasks)
    expect(new Set(right.map(({ text }) => text)).size).toBeGreaterThan(tasks / 2)
    expect(right.filter(({ text }, i) => text !== given[i]!.text).length).toBeLessThanOrEqual(1)
    for (const [i, question] of questions.slice(0, 8).entries())
      expect(await answerOf(small, question)).toEqual(given[i])
    expect(lines.int8).toMatch(/the same bits in any company$/)
    expect(lines.int8).toBe(lines.fp32)
    await Promise.all([whole.close(), small.close()])
  })

  it('is examined by faculty model eval, which puts both formats to the same tasks', async () => {
    const argv = [expert(), '--domain', domain, '--count', '1', '--compare', 'int8']
    const { json, notes } = await run('model eval', [...argv, '--json'])
    expect(notes).toBe(`comparing ${expert()}\n`)
    const { models, families } = json() as { models: FormatComparison[]; families: string[] }
    expect(models).toHaveLength(1)
    const { texts, answers, formats } = models[0]!
    expect(formats.map(({ dtype }) => dtype)).toEqual(['fp32', 'int8'])
    expect(Math.abs(formats[0]!.right - formats[1]!.right)).toBeLessThanOrEqual(texts.share + 1e-9)
    for (const { tokensPerSecond } of formats) expect(tokensPerSecond).toBeGreaterThan(0)
    expect(texts.count).toBe(families.length)
    expect(answers.share).toBeLessThanOrEqual(texts.share)
    const int4 = run('model eval', [expert(), '--domain', domain, '--dtype', 'q4'])
    await expect(int4).rejects.toThrow('it holds model.onnx, model_int8.onnx and not model_q4.onnx')
  })

  it('replaces no file unless told to, and writes where it is told', async () => {
    const out = join(folder, 'elsewhere.onnx')
    const { out: text } = await run('model quantize', [expert(), '--out', out])
    const lines =
      /elsewhere\.onnx\n[\d.]+ MB → [\d.]+ MB: \d+ weights of \d+ numbers in int8\nlargest relative error .*%/
    expect(text).toMatch(lines)
    await expect(run('model quantize', [expert(), '--out', out])).rejects.toMatchObject({
      failure: { code: 'bad-input', field: '--out', value: out },
      mend: expect.stringContaining('--force'),
    })
    expect((await run('model quantize', [expert(), '--out', out, '--force'])).code).toBe(0)
    const nowhere = join(folder, 'no', 'such.onnx')
    await expect(run('model quantize', [expert(), '--out', nowhere])).rejects.toMatchObject({
      mend: expect.stringContaining('ENOENT'),
    })
  })

  it('names what it lacks', async () => {
    await expect(run('model quantize', [])).rejects.toThrow('FOLDER')
    await expect(run('model quantize', [join(folder, 'nothing')])).rejects.toMatchObject({
      failure: { code: 'bad-model', path: join(folder, 'nothing', 'onnx') },
    })
    await mkdir(join(folder, 'empty', 'onnx'), { recursive: true })
    await expect(run('model quantize', [join(folder, 'empty')])).rejects.toMatchObject({
      mend: expect.stringContaining('holds no graph'),
    })
    const tiny = join(folder, 'tiny')
    await writeTinyModel(tiny, { kind: 'history' })
    await expect(run('model quantize', [tiny])).rejects.toThrow('no float32 matrix')
    expect(existsSync(join(tiny, 'onnx', 'model_int8.onnx'))).toBe(false)
  })
})
