import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { EngineError } from './engineError.ts'

/** What decides a model's output, as names in its folder; cards and pictures do not. */
const inFolder =
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|limits)\.json$|^(merges|vocab)\.txt$|^tokenizer\.model$|^chat_template\.jinja$/

/**
 * SHA-256 (64 hex digits) of a model folder: over one line `<sha256>  <path>\n` per file that decides the output,
 * configuration and tokenizer files and everything in `onnx/`, ordered by path. Plain tools give the same:
 * `sha256sum config.json … onnx/model.onnx tokenizer.json … | sha256sum`.
 *
 * @throws EngineError where the folder cannot be read or holds none of these files
 */
export async function modelFingerprint(folder: string): Promise<string> {
  const paths = await modelFiles(folder)
  const sums = createHash('sha256')
  for (const path of paths) sums.update(`${await fileHash(join(folder, path))}  ${path}\n`)
  return sums.digest('hex')
}

/** The files that make the fingerprint, relative to the folder, `/` between parts, ordered by UTF-16 code units. */
async function modelFiles(folder: string): Promise<string[]> {
  const [here, graphs] = await Promise.all([filesIn(folder), filesIn(join(folder, 'onnx'))])
  const paths = [...here.filter((name) => inFolder.test(name)), ...graphs.map((name) => `onnx/${name}`)].sort()
  if (paths.length > 0) return paths
  throw new EngineError(`${folder} holds no model`, { code: 'bad-model', path: folder }, { mend: layoutMend })
}

export const layoutMend =
  'give a folder in the Hugging Face layout: config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx'

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name)
  } catch (error) {
    const failure = { code: 'bad-model', path: folder } as const
    throw new EngineError(`the model folder ${folder} cannot be read`, failure, { mend: layoutMend, cause: error })
  }
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
