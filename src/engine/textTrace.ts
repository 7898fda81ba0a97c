import { createHash } from 'node:crypto'
import type { ChatMessage } from './engine.ts'

/** The trace of a generation whose tokens are not known here, only its texts. */
export interface TextTrace {
  /** The next piece of the answer; how it is cut does not matter. */
  answer(text: string): void
  /** 64 hex digits. Nothing may follow. */
  digest(): string
}

/**
 * SHA-256 over: `faculty-text-trace/1`, a zero byte, the number of messages, for each its role and its content, each as
 * its length in bytes and its UTF-8 bytes, then the answer's UTF-8 bytes to the end. Numbers are u32, little-endian.
 */
export function makeTextTrace(messages: readonly ChatMessage[]): TextTrace {
  const hash = createHash('sha256').update('faculty-text-trace/1\0').update(u32(messages.length))
  for (const { role, content } of messages) {
    for (const text of [role, content]) {
      const bytes = Buffer.from(text, 'utf8')
      hash.update(u32(bytes.length)).update(bytes)
    }
  }
  return {
    answer: (text) => void hash.update(text, 'utf8'),
    digest: () => hash.digest('hex'),
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
