import { patterns } from '../fields.ts'
import { type HeaderFields, headerOf, type ReadHeaders, signatureOf } from './signedRequest.ts'

// Epistula, version 2: OpenAI-compatible requests signed over their body. The secret signatures, a filter that each
// implementation computes in its own way, are not looked at. Facts: bittensor-wire.md, 4.

const maxEpistulaAgeMs = 8_000

const milliseconds = /^[1-9]\d{0,15}$/
const uuidPattern = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/

export function isEpistulaRequest(headers: HeaderFields): boolean {
  return headerOf(headers, 'epistula-version') !== undefined
}

export function readEpistulaHeaders(headers: HeaderFields): ReadHeaders {
  const field = (name: string): string | undefined => headerOf(headers, `epistula-${name}`)
  const [hotkey, timestamp, uuid, receiver] = [
    field('signed-by'),
    field('timestamp'),
    field('uuid'),
    field('signed-for'),
  ]
  const signed = field('request-signature')
  const signature = signatureOf(signed)
  const problem = (name: string): ReadHeaders => ({ ok: false, problem: `Epistula-${name}` })
  if (field('version') !== '2') return problem('Version')
  if (hotkey === undefined || !patterns.address.test(hotkey)) return problem('Signed-By')
  if (timestamp === undefined || !milliseconds.test(timestamp)) return problem('Timestamp')
  if (uuid === undefined || !uuidPattern.test(uuid)) return problem('Uuid')
  if (signed !== undefined && signature === undefined) return problem('Request-Signature')
  return {
    ok: true,
    request: {
      dialect: 'epistula',
      hotkey,
      receiver,
      isBound: receiver !== undefined && receiver !== '',
      madeAtMs: Number(timestamp),
      nonce: uuid.toLowerCase(),
      id: `epistula:${uuid}`,
      maxAgeMs: maxEpistulaAgeMs,
      timeoutMs: undefined,
      signature,
      keyType: 'sr25519',
      bodyHash: undefined,
      signedText: ({ bodySha256 }) => epistulaText({ bodySha256, uuid, timestamp, receiver }),
    },
  }
}

export interface EpistulaSignature {
  readonly bodySha256: string
  readonly uuid: string
  /** Unix time in milliseconds, decimal. */
  readonly timestamp: string
  readonly receiver: string | undefined
}

export function epistulaText({ bodySha256, uuid, timestamp, receiver = '' }: EpistulaSignature): string {
  return `${bodySha256}.${uuid}.${timestamp}.${receiver}`
}
