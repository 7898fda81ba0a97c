import { patterns } from '../fields.ts'
import { type HeaderFields, headerOf, msOfNonce, type ReadHeaders, signatureOf } from './signedRequest.ts'

// `btauth/1` of SDK 11: any HTTP request, signed with its method, target and body. Facts: bittensor-wire.md, 2.

const maxBtauthAgeMs = 10_000

const unbound = '-'

export function isBtauthRequest(headers: HeaderFields): boolean {
  return headerOf(headers, 'x-bittensor-version') !== undefined
}

/** @param target path and query as they stand in the request line */
export function readBtauthHeaders(headers: HeaderFields, line: { method: string; target: string }): ReadHeaders {
  const field = (name: string): string | undefined => headerOf(headers, `x-bittensor-${name}`)
  const [hotkey, nonce, receiver] = [field('hotkey'), field('nonce'), field('receiver')]
  const madeAtMs = msOfNonce(nonce)
  const scheme = field('crypto') ?? 'sr25519'
  const signed = field('signature')
  const signature = signatureOf(signed)
  const problem = (name: string): ReadHeaders => ({ ok: false, problem: `X-Bittensor-${name}` })
  if (field('version') !== '1') return problem('Version')
  if (hotkey === undefined || !patterns.address.test(hotkey)) return problem('Hotkey')
  if (nonce === undefined || madeAtMs === undefined) return problem('Nonce')
  if (scheme !== 'sr25519' && scheme !== 'ed25519') return problem('Crypto')
  if (signed !== undefined && signature === undefined) return problem('Signature')
  return {
    ok: true,
    request: {
      dialect: 'btauth',
      hotkey,
      receiver,
      isBound: receiver !== undefined,
      madeAtMs,
      nonce,
      id: `btauth:${nonce}`,
      maxAgeMs: maxBtauthAgeMs,
      timeoutMs: undefined,
      signature,
      keyType: scheme,
      bodyHash: undefined,
      signedText: ({ bodySha256 }) => btauthText({ ...line, scheme, bodySha256, nonce, hotkey, receiver }),
    },
  }
}

export interface BtauthSignature {
  readonly scheme: 'sr25519' | 'ed25519'
  readonly method: string
  readonly target: string
  readonly bodySha256: string
  readonly nonce: string
  readonly hotkey: string
  readonly receiver: string | undefined
}

/** The eight lines that are signed. */
export function btauthText(parts: BtauthSignature): string {
  const { scheme, method, target, bodySha256, nonce, hotkey, receiver = unbound } = parts
  return `btauth/1\n${scheme}\n${method.toUpperCase()}\n${target}\n${bodySha256}\n${nonce}\n${hotkey}\n${receiver}`
}

/** @param signature 128 hex digits */
export function writeBtauthHeaders(parts: BtauthSignature, signature: string): Record<string, string> {
  return {
    'X-Bittensor-Version': '1',
    'X-Bittensor-Hotkey': parts.hotkey,
    ...(parts.receiver !== undefined && { 'X-Bittensor-Receiver': parts.receiver }),
    'X-Bittensor-Nonce': parts.nonce,
    ...(parts.scheme !== 'sr25519' && { 'X-Bittensor-Crypto': parts.scheme }),
    'X-Bittensor-Signature': `0x${signature}`,
  }
}
