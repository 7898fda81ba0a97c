import { TimelockError } from './timelockError.ts'

/** A timelocked message as the chain's library serialises it. */
export interface Ciphertext {
  /** r × G2, compressed: 96 bytes. */
  readonly u: Uint8Array
  /** The random sigma, masked: 32 bytes. */
  readonly v: Uint8Array
  /** The message's AES key, masked: 32 bytes. */
  readonly w: Uint8Array
  /** AES-256-GCM ciphertext with its 16-byte tag behind it. */
  readonly body: Uint8Array
  /** 12 bytes. */
  readonly nonce: Uint8Array
}

const suite = Buffer.from('AES_GCM_', 'ascii')
const [uBytes, maskBytes, nonceBytes, tagBytes] = [96, 32, 12, 16]

/** Bytes that a timelocked message is longer than the message itself. */
export const overheadBytes = 244

/** Ark's compressed form: u as it is, byte vectors behind a little-endian u64 length. */
export function encodeCiphertext({ u, v, w, body, nonce }: Ciphertext): Uint8Array {
  const inner = Buffer.concat([prefixed(body), prefixed(nonce)])
  return Uint8Array.from(Buffer.concat([u, prefixed(v), prefixed(w), prefixed(inner), prefixed(suite)]))
}

/**
 * Reads what `encodeCiphertext` writes. Bytes behind it are ignored, as the chain does.
 *
 * @throws TimelockError `malformed`
 * @see facts: commit-reveal.md, 4.3
 */
export function decodeCiphertext(bytes: Uint8Array): Ciphertext {
  const input = new Reader(bytes)
  const u = input.take(uBytes)
  const [v, w] = [input.vector(), input.vector()]
  const inner = new Reader(input.vector())
  const [body, nonce] = [inner.vector(), inner.vector()]
  if (v.length !== maskBytes || w.length !== maskBytes || nonce.length !== nonceBytes || body.length < tagBytes) {
    throw malformed('a part has the wrong length')
  }
  if (Buffer.compare(input.vector(), suite) !== 0) throw malformed('its cipher is not AES_GCM_')
  return { u, v, w, body, nonce }
}

function prefixed(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([length, bytes])
}

function malformed(why: string): TimelockError {
  return new TimelockError(`timelocked message: ${why}`, { code: 'malformed', what: 'ciphertext' })
}

class Reader {
  readonly #bytes: Buffer
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes)
  }

  take(count: number): Uint8Array {
    const end = this.#offset + count
    if (end > this.#bytes.length) throw malformed('it ends too early')
    const taken = Uint8Array.from(this.#bytes.subarray(this.#offset, end))
    this.#offset = end
    return taken
  }

  vector(): Uint8Array {
    const length = Buffer.from(this.take(8)).readBigUInt64LE()
    if (length > BigInt(this.#bytes.length)) throw malformed('it ends too early')
    return this.take(Number(length))
  }
}
