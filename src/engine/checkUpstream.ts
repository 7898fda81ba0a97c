import { z } from 'zod'
import { InputError, messageOf } from '../base/errors.ts'
import { parseJson } from '../base/parse.ts'
import { EngineError } from './engineError.ts'
import type { Upstream } from './upstream.ts'

const tokens = z.int().min(1).nullish()

const modelSchema = z.object({
  id: z.string(),
  /** vLLM and SGLang. */
  max_model_len: tokens,
  /** llama.cpp; the second is what the model was trained for, which the server may undercut. */
  meta: z.object({ n_ctx: tokens, n_ctx_train: tokens }).nullish(),
})
const modelsSchema = z.object({ data: z.array(modelSchema) })
/** TGI. */
const infoSchema = z.object({ model_id: z.string().optional(), max_total_tokens: tokens })
/** llama.cpp. */
const propsSchema = z.object({ default_generation_settings: z.object({ n_ctx: tokens }).optional() })

/** What a server tells of the model that it serves. */
export interface UpstreamModel {
  /** Most tokens of prompt and answer together; undefined where the server does not tell. */
  readonly contextTokens: number | undefined
}

/**
 * Sees whether a server serves a model.
 *
 * @throws EngineError `wrong-model` naming what it does serve; `upstream` and `timeout` where it does not answer
 */
export async function checkUpstream(upstream: Upstream, model: string, signal: AbortSignal): Promise<UpstreamModel> {
  const listed = await read(upstream, '/models', modelsSchema, signal)
  // Older releases of TGI have no list, only a page on the one model.
  const info = listed === undefined ? await read(upstream, '/info', infoSchema, signal) : undefined
  if (listed === undefined && info?.model_id === undefined) {
    const { url } = upstream
    throw new EngineError(
      `${url}/models is not there`,
      { code: 'upstream', url, status: 404 },
      { mend: 'give in --upstream the address of an OpenAI-compatible server, such as http://127.0.0.1:8000' },
    )
  }
  const served = listed?.data.map(({ id }) => id) ?? [info!.model_id!]
  const own = listed?.data.find(({ id }) => id === model)
  if (!served.includes(model)) throw wrongModel(upstream.url, model, served)
  const told = own?.max_model_len ?? own?.meta?.n_ctx ?? info?.max_total_tokens
  return { contextTokens: told ?? (await contextElsewhere(upstream, signal)) ?? own?.meta?.n_ctx_train ?? undefined }
}

async function contextElsewhere(upstream: Upstream, signal: AbortSignal): Promise<number | undefined> {
  const info = await optional(upstream, '/info', infoSchema, signal)
  if (typeof info?.max_total_tokens === 'number') return info.max_total_tokens
  const props = await optional(upstream, '/props', propsSchema, signal)
  return props?.default_generation_settings?.n_ctx ?? undefined
}

/** Pages of one kind of server; what others have under the same name, or refuse, tells nothing. */
async function optional<S extends z.ZodType>(
  upstream: Upstream,
  path: string,
  schema: S,
  signal: AbortSignal,
): Promise<z.output<S> | undefined> {
  try {
    return await read(upstream, path, schema, signal)
  } catch (error) {
    if (error instanceof EngineError) return undefined
    throw error
  }
}

async function read<S extends z.ZodType>(
  upstream: Upstream,
  path: string,
  schema: S,
  signal: AbortSignal,
): Promise<z.output<S> | undefined> {
  const text = await upstream.get(path, signal)
  if (text === undefined) return undefined
  try {
    return parseJson(schema, text, path)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { url } = upstream
    const message = `${url} answers ${path} with something else than models: ${messageOf(error)}`
    const mend = 'give in --upstream the address of an OpenAI-compatible server, such as http://127.0.0.1:8000'
    throw new EngineError(message, { code: 'upstream', url }, { mend, cause: error })
  }
}

const namesShown = 10

function wrongModel(url: string, wanted: string, served: readonly string[]): EngineError {
  const more = served.length > namesShown ? ` and ${served.length - namesShown} more` : ''
  const names = served.length === 0 ? 'none' : served.slice(0, namesShown).join(', ') + more
  return new EngineError(
    `${url} does not serve ${wanted}; it serves ${names}`,
    { code: 'wrong-model', url, wanted, served },
    { mend: 'name one of these in --upstream.model, or start the server with the model wanted' },
  )
}
