import { patterns } from '../fields.ts'
import { type HeaderFields, headerOf, msOfNonce, type ReadHeaders, signatureOf } from './signedRequest.ts'

// The headers of SDK 6 to 10, where the path names a Synapse class. Facts: bittensor-wire.md, 1.2, 1.5, 1.6 and 1.9.

/** As the SDK publishes it: major · 10⁶ + minor · 10³ + patch. */
const sdkVersion = 10_002_000

/** Seconds that SDK 10 allows a request on its way, beside the caller's own time-out. */
const slackMs = 4_000
/** The SDK's default. The header is not under the signature, so a longer one does not make a request live longer. */
const longestTimeoutMs = 12_000

/** The oldest request that can be good. */
export const maxSynapseAgeMs = slackMs + longestTimeoutMs

const uuidPattern = /^[\x21-\x7e]{1,64}$/

/** Whether the headers are those of a Dendrite. */
export function isSynapseRequest(headers: HeaderFields): boolean {
  return headerOf(headers, 'bt_header_dendrite_hotkey') !== undefined
}

/** Reads a Dendrite's headers. Stricter than the SDK: every version needs a fresh nonce, a uuid and a body hash. */
export function readSynapseHeaders(headers: HeaderFields): ReadHeaders {
  const field = (name: string): string | undefined => headerOf(headers, `bt_header_dendrite_${name}`)
  const [hotkey, nonce, uuid, signed] = [field('hotkey'), field('nonce'), field('uuid'), field('signature')]
  const madeAtMs = msOfNonce(nonce)
  const bodyHash = headerOf(headers, 'computed_body_hash')
  const signature = signatureOf(signed)
  const timeout = headerOf(headers, 'timeout')
  const timeoutMs = timeout === undefined ? longestTimeoutMs : Number(timeout) * 1_000
  const problem = (name: string): ReadHeaders => ({ ok: false, problem: name })
  if (hotkey === undefined || !patterns.address.test(hotkey)) return problem('bt_header_dendrite_hotkey')
  if (nonce === undefined || madeAtMs === undefined) return problem('bt_header_dendrite_nonce')
  if (uuid === undefined || !uuidPattern.test(uuid)) return problem('bt_header_dendrite_uuid')
  if (signed !== undefined && signed !== '' && signature === undefined) return problem('bt_header_dendrite_signature')
  if (bodyHash === undefined || !patterns.hash.test(bodyHash)) return problem('computed_body_hash')
  if (!(timeoutMs > 0)) return problem('timeout')
  return {
    ok: true,
    request: {
      dialect: 'synapse',
      hotkey,
      receiver: headerOf(headers, 'bt_header_axon_hotkey'),
      isBound: true,
      madeAtMs,
      nonce: `${nonce}.${uuid}`,
      id: `synapse:${nonce}`,
      maxAgeMs: slackMs + Math.min(timeoutMs, longestTimeoutMs),
      timeoutMs,
      signature,
      keyType: 'sr25519',
      bodyHash,
      signedText: ({ axon }) => synapseText({ nonce, hotkey, axon, uuid, bodyHash }),
    },
  }
}

export interface SynapseSignature {
  /** Unix time in nanoseconds, decimal. */
  readonly nonce: string
  readonly hotkey: string
  /** The receiver's hotkey. */
  readonly axon: string
  readonly uuid: string
  readonly bodyHash: string
}

/** What a Dendrite signs. */
export function synapseText({ nonce, hotkey, axon, uuid, bodyHash }: SynapseSignature): string {
  return `${nonce}.${hotkey}.${axon}.${uuid}.${bodyHash}`
}

export interface SynapseRequestHead extends SynapseSignature {
  readonly name: string
  readonly timeoutMs: number
  readonly axonIp: string
  readonly axonPort: number
  /** 128 hex digits. */
  readonly signature: string
  /** Required fields, with the empty value of their type. */
  readonly required: Readonly<Record<string, string | readonly never[]>>
}

/** The headers that a Dendrite sends, but for its own outside address, which the axon sees and the SDK overwrites. */
export function writeSynapseHeaders(head: SynapseRequestHead): Record<string, string> {
  return {
    name: head.name,
    timeout: secondsText(head.timeoutMs),
    bt_header_axon_ip: head.axonIp,
    bt_header_axon_port: String(head.axonPort),
    bt_header_axon_hotkey: head.axon,
    bt_header_dendrite_version: String(sdkVersion),
    bt_header_dendrite_nonce: head.nonce,
    bt_header_dendrite_uuid: head.uuid,
    bt_header_dendrite_hotkey: head.hotkey,
    bt_header_dendrite_signature: `0x${head.signature}`,
    ...inputHeaders(head.required),
    // The SDK's are sizes of Python objects, which nobody reads.
    header_size: '0',
    total_size: '0',
    computed_body_hash: head.bodyHash,
  }
}

export interface SynapseReplyHead {
  readonly name: string
  readonly status: number
  readonly message: string
  readonly elapsedMs: number
  /** The axon's own hotkey. */
  readonly axon: string
  /** Of the request; undefined where its headers could not be read. */
  readonly request: Pick<HeaderFields, string>
  readonly required: Readonly<Record<string, string | readonly never[]>>
}

const echoed = [
  'timeout',
  'bt_header_axon_ip',
  'bt_header_axon_port',
  'bt_header_dendrite_version',
  'bt_header_dendrite_nonce',
  'bt_header_dendrite_uuid',
  'bt_header_dendrite_hotkey',
  'bt_header_dendrite_signature',
  'computed_body_hash',
]

/**
 * The headers of an axon's answer, in lower case, without which a Dendrite finds no status. Not among them is the axon's
 * hotkey signature, which the SDK sends with errors alone and no Dendrite checks.
 */
export function writeSynapseReply(head: SynapseReplyHead): Record<string, string> {
  const fields: Record<string, string> = {
    name: head.name,
    bt_header_axon_status_code: String(head.status),
    bt_header_axon_status_message: headerText(head.message),
    bt_header_axon_process_time: String(head.elapsedMs / 1_000),
    bt_header_axon_hotkey: head.axon,
    ...inputHeaders(head.required),
    header_size: '0',
    total_size: '0',
  }
  for (const name of echoed) {
    const value = headerOf(head.request, name)
    if (value !== undefined) fields[name] = headerText(value)
  }
  return fields
}

/** Seconds as Python writes a float: `12.0`. */
function secondsText(ms: number): string {
  const seconds = ms / 1_000
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)
}

function inputHeaders(required: SynapseReplyHead['required']): Record<string, string> {
  const entries = Object.entries(required)
  return Object.fromEntries(
    entries.map(([name, empty]) => [`bt_header_input_obj_${name}`, btoa(JSON.stringify(empty))]),
  )
}

const longestHeaderText = 512

/** A header is one line of ASCII. */
function headerText(text: string): string {
  return text.slice(0, longestHeaderText).replace(/[^\x20-\x7e]/g, '?')
}
