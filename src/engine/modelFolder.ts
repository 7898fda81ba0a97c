import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { parseJson } from '../base/parse.ts'
import { makeChatPrompt, type Prompt, tokenizerConfigSchema } from './chatPrompt.ts'
import { type Dtype, dtypeSuffixes, dtypes } from './dtypes.ts'
import type { ChatMessage } from './engine.ts'
import { EngineError } from './engineError.ts'
import { graphNames, graphsIn } from './graphsIn.ts'
import { type Limits, limitsSchema } from './limits.ts'
import { layoutMend } from './modelFingerprint.ts'
import { tellCalculator } from './tellCalculator.ts'
import { makeTokenizer, type TextTokenizer } from './tokenizer.ts'

/** A model folder in the Hugging Face layout, read except for its weights. */
export interface ModelFolder {
  /** Absolute. */
  readonly path: string
  /** Absolute path of the ONNX file. */
  readonly graph: string
  readonly tokenizer: TextTokenizer
  readonly prompt: (messages: readonly ChatMessage[]) => Prompt
  /** Most tokens of prompt and answer together. */
  readonly contextTokens: number
  /** Tokens that end an answer. */
  readonly endIds: ReadonlySet<number>
  /** What it was trained on, where the folder says so. */
  readonly limits?: Limits
}

const tokenIds = z
  .union([z.int().min(0), z.array(z.int().min(0))])
  .nullish()
  .transform((ids) => (typeof ids === 'number' ? [ids] : (ids ?? [])))
const length = z.int().min(1).optional()

/** The names under which model families state their context; larger models keep theirs under `text_config`. */
const contextFields = { max_position_embeddings: length, n_positions: length, n_ctx: length, max_seq_len: length }
const configSchema = z.looseObject({
  ...contextFields,
  eos_token_id: tokenIds,
  text_config: z.looseObject(contextFields).optional(),
})
const generationSchema = z.looseObject({
  eos_token_id: tokenIds,
  /** Not Hugging Face's: whether the model is told of the calculator. Models that were trained on it need no telling. */
  calculator: z.boolean().default(false),
})

/**
 * @param dtype of the graph to take where there are several. Default: fp32, or else the only one there is
 * @throws EngineError `bad-model` where a file is missing; InputError where one cannot be used
 */
export async function readModelFolder(folder: string, dtype?: Dtype): Promise<ModelFolder> {
  const path = resolve(folder)
  const [config, generation, tokenizerJson, tokenizerConfig, template, limits, graph] = await Promise.all([
    textOf(path, 'config.json'),
    optionalText(path, 'generation_config.json'),
    textOf(path, 'tokenizer.json'),
    textOf(path, 'tokenizer_config.json'),
    optionalText(path, 'chat_template.jinja'),
    optionalText(path, 'limits.json'),
    graphOf(path, dtype),
  ])
  const at = (name: string): string => join(path, name)
  const { eos_token_id: endIds, text_config: nested, ...fields } = parseJson(configSchema, config, at('config.json'))
  const endings = parseJson(generationSchema, generation ?? '{}', at('generation_config.json'))
  const tokens = parseJson(tokenizerConfigSchema, tokenizerConfig, at('tokenizer_config.json'))
  const contextTokens = contextOf(fields) ?? contextOf(nested)
  if (contextTokens === undefined) {
    const names = Object.keys(contextFields).join(', ')
    throw bad(at('config.json'), 'it does not say how long a text may be', `give one of ${names}`)
  }
  const tokenizer = tokenizerOf(tokenizerJson, tokens, at('tokenizer.json'))
  const prompt = makeChatPrompt(tokens, template, at('tokenizer_config.json'))
  return {
    path,
    graph,
    tokenizer,
    prompt: endings.calculator ? tellCalculator(prompt, at('generation_config.json')) : prompt,
    contextTokens,
    // As in Hugging Face's generate: what the generation configuration says goes before the model's.
    endIds: new Set(endings.eos_token_id.length > 0 ? endings.eos_token_id : endIds),
    ...(limits !== undefined && { limits: parseJson(limitsSchema, limits, at('limits.json')) }),
  }
}

function contextOf(fields: Partial<Record<keyof typeof contextFields, number | undefined>> = {}): number | undefined {
  return fields.max_position_embeddings ?? fields.n_positions ?? fields.n_ctx ?? fields.max_seq_len
}

function tokenizerOf(json: string, config: object, path: string): TextTokenizer {
  try {
    return makeTokenizer(json, config, path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new EngineError(`${path}: the tokenizer cannot be used`, { code: 'bad-model', path }, { cause: error })
  }
}

/** Of the format asked for; else fp32, or the only graph that is there (a folder with just a quantised one). */
async function graphOf(path: string, dtype: Dtype | undefined): Promise<string> {
  const folder = join(path, 'onnx')
  const names = await graphsIn(folder)
  const wanted = graphNames.map((name) => `${name}${dtypeSuffixes[dtype ?? 'fp32']}.onnx`)
  const only = dtype === undefined && names.length === 1 ? names[0] : undefined
  const known = wanted.find((name) => names.includes(name)) ?? only
  if (known !== undefined) return join(folder, known)
  const found = names.length === 0 ? 'no graph' : names.join(', ')
  const there = dtypes.filter((one) => graphNames.some((name) => names.includes(`${name}${dtypeSuffixes[one]}.onnx`)))
  const mend = `choose one with --model.dtype ${there.join('|')}`
  throw bad(
    folder,
    `it holds ${found} and not ${wanted[0]}`,
    there.length > 0 ? mend : `name the one to use ${wanted[0]}`,
  )
}

async function textOf(path: string, name: string): Promise<string> {
  try {
    return await readFile(join(path, name), 'utf8')
  } catch (error) {
    throw bad(join(path, name), 'the file cannot be read', layoutMend, error)
  }
}

async function optionalText(path: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(path, name), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw bad(join(path, name), 'the file cannot be read', layoutMend, error)
  }
}

function bad(path: string, problem: string, mend: string, cause?: unknown): EngineError {
  return new EngineError(`${path}: ${problem}`, { code: 'bad-model', path }, { mend, cause })
}
