import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../base/parse.ts'
import { type DeviceName, providerOf } from './deviceNames.ts'
import { EngineError } from './engineError.ts'
import { freeMainMemory, freeMemory } from './freeMemory.ts'
import type { ModelFolder } from './modelFolder.ts'

export interface MemoryEstimate {
  /** Of the weights, while the model serves. */
  readonly weightBytes: number
  /** Main memory at the height of loading. */
  readonly loadBytes: number
  /** Of the key-value cache of one answer that fills the context; undefined where `config.json` does not tell. */
  readonly cacheBytes: number | undefined
}

const count = z.int().min(1).optional()
const shapeFields = {
  num_hidden_layers: count,
  n_layer: count,
  num_attention_heads: count,
  n_head: count,
  num_key_value_heads: count,
  head_dim: count,
  hidden_size: count,
  n_embd: count,
}
const configSchema = z.looseObject({ ...shapeFields, text_config: z.looseObject(shapeFields).optional() })

/**
 * What a model will take, from the sizes of its files and the shape in its `config.json`:
 *
 *   weights  the graph and its external data
 *   loading  twice the graph, which is parsed and then copied (measured: 2.08 times), and the external data once
 *   cache    2 (keys and values) · layers · heads of keys · head size · context · bytes of a number
 *
 * @param graph the ONNX file; a name with `f16` or `fp16` in it keeps its cache in half precision
 * @throws InputError where `config.json` gives one of the shape's numbers as something else
 */
export async function estimateMemory(
  model: Pick<ModelFolder, 'path' | 'contextTokens'>,
  graph: string,
): Promise<MemoryEstimate> {
  const [graphBytes, dataBytes] = await Promise.all([sizeOf([graph]), externalData(graph).then(sizeOf)])
  return {
    weightBytes: graphBytes + dataBytes,
    loadBytes: 2 * graphBytes + dataBytes,
    cacheBytes: await cacheBytes(model, graph),
  }
}

async function cacheBytes(
  { path, contextTokens }: Pick<ModelFolder, 'path' | 'contextTokens'>,
  graph: string,
): Promise<number | undefined> {
  const file = join(path, 'config.json')
  const { text_config: nested, ...flat } = parseJson(configSchema, await readFile(file, 'utf8'), file)
  const shape = { ...nested, ...flat }
  const layers = shape.num_hidden_layers ?? shape.n_layer
  const heads = shape.num_attention_heads ?? shape.n_head
  const width = shape.hidden_size ?? shape.n_embd
  if (layers === undefined || heads === undefined || (width ?? shape.head_dim) === undefined) return undefined
  const headSize = shape.head_dim ?? width! / heads
  const numberBytes = /fp?16/.test(basename(graph)) ? 2 : 4
  return 2 * layers * (shape.num_key_value_heads ?? heads) * headSize * contextTokens * numberBytes
}

/**
 * Files beside a graph that hold its weights. Those of one graph among several begin with its name, as in
 * `model_fp16.onnx_data`; beside a single graph all are its own.
 */
async function externalData(graph: string): Promise<string[]> {
  const folder = dirname(graph)
  const names = await readdir(folder)
  const others = names.filter((name) => !name.endsWith('.onnx') && !name.startsWith('.'))
  const isOnly = names.filter((name) => name.endsWith('.onnx')).length === 1
  const stem = basename(graph).replace(/\.onnx$/, '')
  const own = others.filter((name) => isOnly || name.startsWith(`${stem}.`) || name.startsWith(`${stem}_data`))
  return own.map((other) => join(folder, other))
}

async function sizeOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

export interface MemoryNeed {
  readonly device: DeviceName
  /** Answers at a time for which there must be room. */
  readonly sequences: number
}

/**
 * Refuses a model that does not fit, before it is loaded: what the machine does without being asked is to swap, or to kill.
 *
 * @param free bytes free on the device, and in main memory
 * @returns a line for people
 * @throws EngineError `no-memory`
 */
export function checkMemory(
  estimate: MemoryEstimate,
  { device, sequences }: MemoryNeed,
  free: { readonly deviceBytes: number | undefined; readonly mainBytes: number },
): string {
  const { weightBytes, loadBytes, cacheBytes = 0 } = estimate
  const serving = weightBytes + sequences * cacheBytes
  const onGpu = providerOf(device) !== 'cpu'
  const needs: readonly [string, number, number | undefined][] = onGpu
    ? [
        [device, serving, free.deviceBytes],
        ['main memory, to load it', loadBytes, free.mainBytes],
      ]
    : [['main memory', Math.max(loadBytes, serving), free.mainBytes]]
  for (const [place, needBytes, haveBytes] of needs) {
    if (haveBytes === undefined || needBytes <= haveBytes) continue
    const cache = cacheBytes === 0 ? '' : ` and ${gigabytes(sequences * cacheBytes)} for ${sequences} full answers`
    throw new EngineError(
      `the model needs ${gigabytes(needBytes)} of ${place} and ${gigabytes(haveBytes)} are free: ` +
        `${gigabytes(weightBytes)} of weights${cache}`,
      { code: 'no-memory', device, needBytes, haveBytes },
      { mend: 'use a smaller or quantised graph, a shorter context in config.json, or another --device; free memory' },
    )
  }
  const have = onGpu ? free.deviceBytes : free.mainBytes
  const room = cacheBytes === 0 || have === undefined ? '' : `, room for ${roomFor(have - weightBytes, cacheBytes)}`
  return `${device}: ${gigabytes(weightBytes)} of weights${room}`
}

function roomFor(bytes: number, cacheBytes: number): string {
  const answers = Math.floor(bytes / cacheBytes)
  return answers > 1_000 ? 'over 1000 full answers' : `${answers} full answers at a time`
}

/** What is free for a device now. */
export async function freeFor(device: DeviceName): Promise<{ deviceBytes: number | undefined; mainBytes: number }> {
  return { deviceBytes: await freeMemory(device), mainBytes: freeMainMemory() }
}

/** `1.23 GB`, of 10^9 bytes; small ones in MB. */
export function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}
