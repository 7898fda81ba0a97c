import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Value } from '../../../src/engine/decoderLayout.ts'
import { EngineError } from '../../../src/engine/engineError.ts'
import { exposeEntries } from '../../../src/engine/exposeEntries.ts'
import { openOnnxGraph } from '../../../src/engine/onnx.ts'
import { modelFields } from '../../../src/engine/onnxFields.ts'
import { openEngine } from '../../../src/engine/openEngine.ts'
import { messagesOf } from '../../../src/engine/protobuf.ts'
import { quantizeMatrix } from '../../../src/engine/quantizeMatrix.ts'
import { quantizeWeights } from '../../../src/engine/quantizeWeights.ts'
import { weightNames } from '../../../src/engine/weightNames.ts'
import { llamaGraph } from './llamaGraph.ts'
import { withExternalData, writeLlamaModel } from './llamaModel.ts'
import { type GraphSpec, type NodeSpec, onnxBytes, type TensorSpec } from './onnxBytes.ts'

describe('quantizeMatrix', () => {
  const float = fc.oneof(
    { weight: 4, arbitrary: fc.float({ min: -8, max: 8, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 1e-45, -1e-40, 2 ** -126, 3.4028234663852886e38, -1e38) },
  )
  const matrix = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant(rows),
        fc.constant(columns),
        fc.array(float, { minLength: rows * columns, maxLength: rows * columns }),
      ),
    )

  it('moves no number by more than half of its row’s scale', () => {
    fc.assert(
      fc.property(matrix, ([rows, columns, numbers]) => {
        const data = Float32Array.from(numbers)
        const { levels, scales, relativeError } = quantizeMatrix(data, rows, columns)
        expect(scales).toHaveLength(rows)
        for (const [i, value] of data.entries()) {
          const scale = scales[Math.floor(i / columns)]!
          expect(scale).toBeGreaterThan(0)
          expect(levels[i]).toBeGreaterThanOrEqual(-127)
          // The scale itself is rounded to 24 digits, and 127 of it are the largest number.
          expect(Math.abs(value - levels[i]! * scale)).toBeLessThanOrEqual(scale * (0.5 + 127 * 2 ** -24))
        }
        expect(relativeError).toBeGreaterThanOrEqual(0)
        expect(relativeError).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('gives the extremes the outermost levels, and rows of zeros the scale 1', () => {
    const data = Float32Array.of(-12.7, 3, 0, 0, 0.5, -127)
    expect(quantizeMatrix(data, 3, 2)).toMatchObject({
      levels: Int8Array.of(-127, 30, 0, 0, 1, -127),
      scales: Float32Array.of(0.1, 1, 1),
    })
  })

  it('tells how much of the whole was lost', () => {
    expect(quantizeMatrix(new Float32Array(6), 2, 3).relativeError).toBe(0)
    // 127 is kept and 0.5 becomes 1.
    expect(quantizeMatrix(Float32Array.of(127, 0.5), 1, 2).relativeError).toBeCloseTo(0.5 / Math.hypot(127, 0.5), 9)
  })
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-quantize-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const wave = (name: string, ...dims: number[]): TensorSpec => ({
  name,
  type: 'float32',
  dims,
  data: Float32Array.from({ length: dims.reduce((product, size) => product * size) }, (_, i) => Math.sin(i * i)),
})
const graphOf = (nodes: readonly NodeSpec[], ...constants: TensorSpec[]): GraphSpec => ({
  name: 'g',
  nodes,
  constants,
  inputs: [
    { name: 'input_ids', type: 'int64', dims: [3] },
    { name: 'position_ids', type: 'int64', dims: [3] },
  ],
  outputs: [{ name: 'y', type: 'float32', dims: [3, 'width'] }],
})
const node = (op: string, inputs: string[], output: string, attributes: NodeSpec['attributes'] = {}): NodeSpec => ({
  op,
  inputs,
  outputs: [output],
  attributes,
})
const chosen = (graph: GraphSpec): string[] => quantizeWeights(onnxBytes(graph), 'g').weights.map(({ name }) => name)

/** Largest difference of the output before and after, relative to the largest output. */
async function difference(graph: GraphSpec): Promise<number> {
  const ys: Float32Array[] = []
  const bytes = onnxBytes(graph)
  const ids = (...numbers: bigint[]): Value => ({ type: 'int64', data: BigInt64Array.from(numbers), dims: [3] })
  for (const [index, version] of [bytes, quantizeWeights(bytes, 'g').bytes].entries()) {
    const path = join(folder, `${index}.onnx`)
    await writeFile(path, version)
    const { graph: open } = await openOnnxGraph(path, 'cpu')
    const { y } = await open.run({ input_ids: ids(0n, 31n, 7n), position_ids: ids(1n, 2n, 3n) }, ['y'])
    await open.close()
    ys.push(Float32Array.from(y!.data))
  }
  const largest = Math.max(...ys[0]!.map(Math.abs))
  return Math.max(...ys[0]!.map((value, i) => Math.abs(value - ys[1]![i]!))) / largest
}

describe('quantizeWeights', () => {
  const embed = node('Gather', ['table', 'input_ids'], 'x')

  it('keeps products, tables of tokens and what is tied, and computes nearly the same', async () => {
    const tied = [embed, node('Transpose', ['table'], 'head', { perm: [1, 0] }), node('MatMul', ['x', 'head'], 'y')]
    expect(chosen(graphOf(tied, wave('table', 32, 40)))).toEqual(['table'])
    expect(await difference(graphOf(tied, wave('table', 32, 40)))).toBeLessThan(0.02)

    const gemm = [
      node('Reshape', ['input_ids', 'shape'], 'ids'),
      node('Gather', ['table', 'ids'], 'x'),
      node('Gemm', ['x', 'up', 'bias'], 'z', { transB: 1 }),
      node('MatMul', ['z', 'down'], 'y'),
    ]
    const shape: TensorSpec = { name: 'shape', type: 'int64', dims: [1], data: [-1] }
    const weights = [wave('table', 32, 40), wave('up', 64, 40), wave('down', 64, 30)]
    const graph = graphOf(gemm, shape, ...weights, wave('bias', 64))
    expect(chosen(graph)).toEqual(['table', 'up', 'down'])
    expect(await difference(graph)).toBeLessThan(0.02)
  })

  it('finds the weights that branches use', async () => {
    const branch = (weight: string): GraphSpec => ({
      name: weight,
      nodes: [node('MatMul', ['x', weight], `${weight}_y`)],
      inputs: [],
      outputs: [{ name: `${weight}_y`, type: 'float32', dims: [3, 30] }],
    })
    const choose: NodeSpec = {
      ...node('If', ['truth'], 'y'),
      graphs: { then_branch: branch('one'), else_branch: branch('two') },
    }
    const truth = node('Cast', ['first'], 'truth', { to: 9 })
    const nodes = [embed, node('ReduceMax', ['input_ids'], 'first', { keepdims: 0 }), truth, choose]
    const graph = graphOf(nodes, wave('table', 32, 40), wave('one', 40, 30), wave('two', 40, 30))
    expect(chosen(graph)).toEqual(['table', 'one', 'two'])
    expect(await difference(graph)).toBeLessThan(0.02)
  })

  it('knows weights by their uses, all of them', () => {
    const found = (...nodes: NodeSpec[]): string[] => {
      const [graph] = messagesOf(onnxBytes(graphOf(nodes, wave('table', 32, 40))), modelFields.graph)
      return [...weightNames(graph!)]
    }
    expect(found(node('MatMul', ['x', 'table'], 'y'))).toEqual(['table'])
    expect(found(node('MatMul', ['table', 'x'], 'y'))).toEqual(['table'])
    expect(found(node('Transpose', ['table'], 't'), node('MatMul', ['x', 't'], 'y'))).toEqual(['table'])
    expect(found(node('Identity', ['table'], 't'), node('Gemm', ['x', 't'], 'y'))).toEqual(['table'])
    expect(found(embed)).toEqual(['table'])
    expect(found(embed, node('Add', ['x', 'table'], 'y'))).toEqual([])
    expect(found(node('Gemm', ['x', 'x', 'table'], 'y'))).toEqual([])
    expect(found(node('Gather', ['table', 'position_ids'], 'y'))).toEqual([])
    expect(found(node('Gather', ['table', 'input_ids'], 'y', { axis: 1 }))).toEqual([])
  })

  it('leaves small matrices, other shapes and angles as they are, and the caches’ entries in sight', () => {
    const shape = { vocabulary: 64, layers: 1, width: 32, heads: 2, cacheHeads: 1, mlp: 48, contextTokens: 128 }
    const bytes = onnxBytes(llamaGraph(shape))
    const { bytes: quantized, weights } = quantizeWeights(bytes, 'llama')
    const names = [
      'embedding',
      'layers.0.query',
      'layers.0.out',
      'layers.0.gate',
      'layers.0.up',
      'layers.0.down',
      'head',
    ]
    expect(weights.map(({ name }) => name).sort()).toEqual(names.sort())
    expect(weights.find(({ name }) => name === 'head')).toMatchObject({ rows: 32, columns: 64 })
    for (const { relativeError } of weights) expect(relativeError).toBeGreaterThan(0.001)
    for (const { relativeError } of weights) expect(relativeError).toBeLessThan(0.02)
    expect(exposeEntries(quantized)!.entries).toEqual(exposeEntries(bytes)!.entries)
    expect(() => quantizeWeights(quantized, 'llama')).toThrow('no float32 matrix')
  })

  it('makes of a decoder one that answers alike alone and in a batch of 8', async () => {
    const shape = { vocabulary: 200, layers: 2, width: 32, heads: 4, cacheHeads: 2, mlp: 48, contextTokens: 128 }
    const { folder: decoder, remove } = await writeLlamaModel(shape)
    const path = join(decoder, 'onnx', 'model.onnx')
    const { bytes } = quantizeWeights(await readFile(path), path)
    await writeFile(join(decoder, 'onnx', 'model_int8.onnx'), bytes)
    const lines: string[] = []
    const engine = await openEngine({ folder: decoder, dtype: 'int8', onDevice: (line) => lines.push(line) })
    expect(lines.at(-1)).toMatch(/the same bits in any company$/)
    const traceOf = async (content: string): Promise<string> => {
      const request = { messages: [{ role: 'user' as const, content }], maxTokens: 20, temperature: 0 }
      for await (const event of engine.generate(request, new AbortController().signal)) {
        if (event.type === 'done') return event.traceHash
      }
      throw new Error('no done event')
    }
    const prompts = Array.from({ length: 8 }, (_, i) => 'a prompt of its own '.slice(0, 3 + 2 * i))
    const alone: string[] = []
    for (const prompt of prompts) alone.push(await traceOf(prompt))
    expect(await Promise.all(prompts.map(traceOf))).toEqual(alone)
    expect(new Set(alone).size).toBeGreaterThan(1)
    await engine.close()
    await remove()
  })

  it('says why it cannot', () => {
    const product = [embed, node('MatMul', ['x', 'w'], 'y')]
    const graph = graphOf(product, wave('table', 32, 40), wave('w', 40, 30))
    const problem = (bytes: Uint8Array): EngineError => {
      try {
        quantizeWeights(bytes, 'm.onnx')
      } catch (error) {
        if (error instanceof EngineError) return error
        throw error
      }
      throw new Error('it could')
    }
    const failure = { code: 'bad-model', path: 'm.onnx' }
    expect(problem(onnxBytes(graph, 12))).toMatchObject({ failure, message: 'm.onnx: it is of operator set 12' })
    expect(problem(onnxBytes(withExternalData(graph, 'data').graph)).message).toMatch(/table lies in another file$/)
    expect(problem(onnxBytes(graphOf(product, wave('table', 32, 31), wave('w', 31, 30)))).message).toMatch(/no float32/)
    const lone = { ...wave('w', 40, 30), data: Float32Array.of(1) }
    expect(problem(onnxBytes(graphOf(product, lone))).message).toMatch(/w is incomplete$/)
    const infinite = { ...wave('w', 40, 30), data: new Float32Array(1200).fill(Infinity) }
    expect(problem(onnxBytes(graphOf(product, infinite))).message).toMatch(/w holds what is no finite number$/)
    expect(problem(Buffer.from('no model')).explanation).toMatch(/no ONNX model .*whole/)
    expect(problem(onnxBytes(graph).subarray(0, 900))).toMatchObject({ failure })
  })

  it('throws nothing else, whatever it is given', () => {
    const model = onnxBytes(graphOf([embed, node('MatMul', ['x', 'w'], 'y')], wave('table', 2, 4), wave('w', 32, 32)))
    fc.assert(
      fc.property(fc.nat(300), fc.nat(255), fc.integer({ min: 0, max: model.length }), (at, byte, length) => {
        const damaged = Uint8Array.from(model)
        damaged[at] = byte
        try {
          quantizeWeights(damaged.subarray(0, length % 3 === 0 ? length : model.length), 'm')
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError)
        }
      }),
      { numRuns: 300 },
    )
  })
})
