import { basename, dirname } from 'node:path'
import type { FloatValue, Value } from './decoderLayout.ts'
import type { DeviceName } from './deviceNames.ts'
import { chooseDevices } from './devices.ts'
import type { Dtype } from './dtypes.ts'
import type { ModelIdentity } from './engine.ts'
import { EngineError } from './engineError.ts'
import { defaultLengthLimits, LengthBatcher, type LengthBatcherLimits, type PaddedRows } from './lengthBatcher.ts'
import { modelFingerprint } from './modelFingerprint.ts'
import { readModelFolder } from './modelFolder.ts'
import { openOnnxGraph } from './onnx.ts'

export interface OpenTextModelOptions {
  /** In the Hugging Face layout, with the graph of an encoder. */
  readonly folder: string
  /** For people. Default: the folder's last two names. */
  readonly name?: string
  readonly dtype?: Dtype
  /** In the order in which they are tried; the first that works is used. Default: the CPU alone. */
  readonly devices?: readonly DeviceName[]
  readonly limits?: Partial<LengthBatcherLimits>
}

/** A model that reads a text at once. */
export interface TextModel<Result> {
  readonly model: ModelIdentity
  /** Absolute path of its folder. */
  readonly path: string
  read(text: string, signal?: AbortSignal): Promise<Result>
  close(): Promise<void>
}

/** What a run gave, and the rows it was for. */
export interface TextOutputs extends PaddedRows {
  readonly value: FloatValue
  /** Name of the output. */
  readonly name: string
}

/** The inputs that Hugging Face's exporters give encoders, [rows, length]; padding has id 0 and is masked. */
const knownInputs: Readonly<Record<string, (batch: PaddedRows) => Value>> = {
  input_ids: (batch) => table(batch, (id) => id ?? 0),
  attention_mask: (batch) => table(batch, (id) => (id === undefined ? 0 : 1)),
  token_type_ids: (batch) => table(batch, () => 0),
}

/**
 * Opens an encoder whose texts are batched by deadline and length.
 *
 * @param outputs names to look for; the first that the graph has is fetched
 * @param resultsOf what a run's output says of each row
 * @throws EngineError `bad-model`, `no-device`; InputError where a file of the folder cannot be used
 */
export async function openTextModel<Result>(
  options: OpenTextModelOptions,
  outputs: readonly string[],
  resultsOf: (outputs: TextOutputs) => readonly Result[],
): Promise<TextModel<Result>> {
  const { folder, dtype, devices = ['cpu'] } = options
  const [files, fingerprint] = await Promise.all([readModelFolder(folder, dtype), modelFingerprint(folder)])
  const { path, tokenizer, contextTokens } = files
  const [device] = (await chooseDevices(devices)).devices
  const { graph, inputMetadata, outputMetadata } = await openOnnxGraph(files.graph, device!)
  const inputs = inputMetadata.map(({ name }) => name)
  const output = outputs.find((name) => outputMetadata.some((value) => value.name === name))
  const unknown = inputs.find((name) => knownInputs[name] === undefined)
  if (output === undefined || unknown !== undefined) {
    await graph.close()
    const problem = unknown === undefined ? `no output ${outputs.join(' or ')}` : `the unknown input ${unknown}`
    throw new EngineError(`${files.graph}: the graph has ${problem}`, { code: 'bad-model', path: files.graph })
  }
  const compute = async (batch: PaddedRows): Promise<readonly Result[]> => {
    const feeds = Object.fromEntries(inputs.map((name) => [name, knownInputs[name]!(batch)]))
    const value = (await graph.run(feeds, [output]))[output]!
    return resultsOf({ ...batch, value, name: output })
  }
  const limits = { ...defaultLengthLimits, ...options.limits }
  const batcher = new LengthBatcher(compute, { limits, maxLength: contextTokens })
  return {
    model: {
      name: options.name ?? `${basename(dirname(path))}/${basename(path)}`,
      fingerprint,
      contextTokens,
      device: device!,
    },
    path,
    read: async (text, signal) => {
      const ids = tokenizer.encode(text, true)
      if (ids.length === 0) {
        const failure = { code: 'bad-request', field: 'text', value: text } as const
        throw new EngineError('text: it has no token', failure, { mend: 'give some text' })
      }
      if (ids.length > contextTokens) {
        const message = `the text has ${ids.length} tokens and the model takes ${contextTokens}`
        throw new EngineError(message, { code: 'too-long', promptTokens: ids.length, contextTokens })
      }
      return await batcher.add(ids, signal)
    },
    close: async () => {
      await batcher.close(new EngineError(`${path} was closed`, { code: 'closed', model: path }))
      await graph.close()
    },
  }
}

function table({ rows, length }: PaddedRows, cellOf: (id: number | undefined) => number): Value {
  const data = BigInt64Array.from({ length: rows.length * length }, (_, i) =>
    BigInt(cellOf(rows[Math.floor(i / length)]![i % length])),
  )
  return { type: 'int64', data, dims: [rows.length, length] }
}
