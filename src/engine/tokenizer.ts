import { Tokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { parseJson } from '../base/parse.ts'

/** Text to token ids and back, for one model. */
export interface TextTokenizer {
  /** @param special whether to add what the model expects around a bare text, e.g. a beginning-of-sequence token */
  encode(text: string, special: boolean): number[]
  /**
   * Ids of `text` as it continues `before`, whose own ids they leave as they are: a tokenizer may treat a text's beginning
   * differently, or join it to what stands before.
   */
  encodeAfter(before: string, text: string): number[]
  /** Special tokens and ids outside the vocabulary give no text; the calculator's tags always do. */
  decode(ids: readonly number[]): string
  /** The id of exactly this token. */
  idOf(token: string): number | undefined
}

const tokenizerSchema = z.looseObject({ added_tokens: z.array(z.unknown()), model: z.looseObject({}) })

/** Tags that some tokenizers mark as special and that belong to the answer nevertheless. */
const shownTags: readonly string[] = ['<calc>', '</calc>']

/**
 * @param tokenizerJson text of `tokenizer.json`
 * @param config parsed `tokenizer_config.json`
 * @param path of `tokenizer.json`, for messages
 * @throws InputError where `tokenizer.json` is not a tokenizer, Error of the library where it knows no such kind
 */
export function makeTokenizer(tokenizerJson: string, config: object, path: string): TextTokenizer {
  const tokenizer = new Tokenizer(parseJson(tokenizerSchema, tokenizerJson, path), config)
  const hidden = new Set<number>()
  for (const [id, token] of tokenizer.get_added_tokens_decoder()) {
    if (token.special && !shownTags.includes(token.content)) hidden.add(id)
  }
  const encode = (text: string, special: boolean): number[] =>
    text === '' && !special ? [] : tokenizer.encode(text, { add_special_tokens: special }).ids
  const following = (before: string, text: string): number[] | undefined => {
    const head = encode(before, false)
    const whole = encode(before + text, false)
    return head.every((id, index) => whole[index] === id) ? whole.slice(head.length) : undefined
  }
  return {
    encode,
    // Nothing joins a line feed.
    encodeAfter: (before, text) => following(before, text) ?? following('\n', text) ?? encode(text, false),
    decode: (ids) => {
      const shown = ids.filter((id) => !hidden.has(id) && tokenizer.id_to_token(id) !== undefined)
      return shown.length === 0 ? '' : tokenizer.decode(shown, { clean_up_tokenization_spaces: false })
    },
    idOf: (token) => tokenizer.token_to_id(token),
  }
}
