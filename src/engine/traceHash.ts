import { createHash } from 'node:crypto'

/** Running hash of one generation, so that two runs can be compared without keeping their tokens. */
export interface Trace {
  /** A token of the answer, the ending one included, whether the model chose it or the runtime fed it. */
  token(id: number): void
  /** A tool's result, before the tokens that it is fed as. */
  toolResult(text: string): void
  /** 64 hex digits. Nothing may follow. */
  digest(): string
}

const toolMark = 0xffffffff

/**
 * SHA-256 over: `faculty-trace/1`, a zero byte, the prompt's number of tokens, its token ids, then in order each token id
 * of the answer and, for each tool result, 0xffffffff, its length in bytes and its UTF-8 bytes. All numbers are u32,
 * little-endian.
 */
export function makeTrace(promptIds: readonly number[]): Trace {
  const hash = createHash('sha256')
    .update('faculty-trace/1\0')
    .update(u32([promptIds.length]))
    .update(u32(promptIds))
  return {
    token: (id) => void hash.update(u32([id])),
    toolResult: (text) => {
      const bytes = Buffer.from(text, 'utf8')
      hash.update(u32([toolMark, bytes.length])).update(bytes)
    },
    digest: () => hash.digest('hex'),
  }
}

function u32(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value, 4 * index)
  })
  return bytes
}
