import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError, messageOf } from '../base/errors.ts'
import { dtypeSuffixes } from '../engine/dtypes.ts'
import { graphNames, graphsIn } from '../engine/graphsIn.ts'
import { gigabytes } from '../engine/memoryEstimate.ts'
import { type QuantizedWeight, quantizeWeights } from '../engine/quantizeWeights.ts'
import { defineCommand } from './command.ts'
import { json } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: `Writes a model's graph with its weights in 8 bits beside the one in fp32, for --model.dtype int8.
FOLDER is one model in the Hugging Face layout. The arithmetic stays that of fp32: only the file shrinks.`,
  usage: 'FOLDER',
  settings: {
    out: setting(z.string().optional(), { help: 'where to write instead of onnx/model_int8.onnx', takes: 'FILE' }),
    force: setting(z.boolean().default(false), { help: 'replace the file where there is one' }),
    ...json,
  },
  run: async ({ values, positionals }, io) => {
    const [folder, extra] = positionals
    if (folder === undefined) throw new InputError('FOLDER', '', 'give one, e.g. miners/law/expert')
    if (extra !== undefined) throw new InputError('FOLDER', extra, 'one at a time; --out says where to write')
    const graphs = join(resolve(folder), 'onnx')
    const names = await graphsIn(graphs)
    const stem = graphNames.find((name) => names.includes(`${name}.onnx`))
    if (stem === undefined) {
      const found = names.length === 0 ? 'no graph' : names.join(', ')
      throw new InputError('FOLDER', folder, `give a model with onnx/model.onnx in fp32; this one holds ${found}`)
    }
    const source = join(graphs, `${stem}.onnx`)
    const before = await readFile(source)
    const { bytes, weights } = quantizeWeights(before, source)
    const file = resolve(values.out ?? join(graphs, `${stem}${dtypeSuffixes.int8}.onnx`))
    await write(file, bytes, values.force)
    const report = { source, file, bytesBefore: before.length, bytesAfter: bytes.length, ...summary(weights) }
    io.print(values.json ? jsonText(report) : reportText(report))
    return 0
  },
})

interface Summary {
  /** Matrices rewritten, and numbers in them. */
  readonly weights: number
  readonly numbers: number
  /** The one that lost most, relative to its length. */
  readonly worst: { readonly name: string; readonly relativeError: number }
}

function summary(weights: readonly QuantizedWeight[]): Summary {
  const { name, relativeError } = weights.reduce((worst, one) =>
    one.relativeError > worst.relativeError ? one : worst,
  )
  const numbers = weights.reduce((sum, { rows, columns }) => sum + rows * columns, 0)
  return { weights: weights.length, numbers, worst: { name, relativeError } }
}

function reportText(
  report: Summary & { readonly file: string; readonly bytesBefore: number; readonly bytesAfter: number },
): string {
  const { file, bytesBefore, bytesAfter, weights, numbers, worst } = report
  return `${file}
${gigabytes(bytesBefore)} → ${gigabytes(bytesAfter)}: ${weights} weights of ${numbers} numbers in int8
largest relative error of a weight ${(100 * worst.relativeError).toFixed(2)}%, of ${worst.name}`
}

async function write(file: string, bytes: Uint8Array, replaces: boolean): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: replaces ? 'w' : 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const mend = isThere ? 'the file is there already: replace it with --force, or give another' : messageOf(error)
    throw new InputError('--out', file, mend, { cause: error })
  }
}
