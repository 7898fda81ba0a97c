import type { IncomingMessage } from 'node:http'
import * as ed25519 from '../../keys/ed25519.ts'
import { fromHex } from '../../keys/hex.ts'
import * as sr25519 from '../../keys/sr25519.ts'
import { isBtauthRequest, readBtauthHeaders } from '../../wire/bittensor/btauth.ts'
import { isEpistulaRequest, readEpistulaHeaders } from '../../wire/bittensor/epistula.ts'
import type { ReadHeaders, SignedParts, SignedRequest } from '../../wire/bittensor/signedRequest.ts'
import { isSynapseRequest, readSynapseHeaders } from '../../wire/bittensor/synapseHeaders.ts'
import type { WireErrorCode } from '../../wire/wireError.ts'
import type { Nonces } from '../nonces.ts'
import { publicKeyOf } from '../publicKeyOf.ts'
import type { Laxness } from './laxness.ts'

export interface Refused {
  readonly code: WireErrorCode
  readonly message?: string
  readonly retryAfterMs?: number
}

/** What a request's headers say in whichever dialect they speak. A request speaks one: the first that is found. */
export function readClaim(request: IncomingMessage): ReadHeaders {
  const { headers, method = '', url: target = '' } = request
  if (isBtauthRequest(headers)) return readBtauthHeaders(headers, { method, target })
  if (isEpistulaRequest(headers)) return readEpistulaHeaders(headers)
  if (isSynapseRequest(headers)) return readSynapseHeaders(headers)
  return { ok: false, problem: 'sign the request as a Dendrite, with btauth/1 or with Epistula' }
}

export interface ClaimExpectation {
  /** The axon's own hotkey. */
  readonly hotkey: string
  readonly nonces: Nonces
  /** Unix time. */
  readonly nowMs: number
  readonly allowed: ReadonlySet<Laxness>
}

/** All that can be checked of a claim without its body and without cryptography. Undefined: nothing is wrong. */
export function checkClaim(claim: SignedRequest, expected: ClaimExpectation): WireErrorCode | undefined {
  const { hotkey, nonces, nowMs, allowed } = expected
  if (claim.isBound || claim.receiver !== undefined) {
    if ((claim.receiver ?? hotkey) !== hotkey) return claim.receiver === '' ? 'no-receiver' : 'wrong-axon'
  } else if (!allowed.has('any-receiver')) return 'no-receiver'
  if (claim.signature === undefined && !allowed.has('unsigned')) return 'unsigned'
  return nonces.check(nonceOf(claim), nowMs, {
    maxAgeMs: claim.maxAgeMs,
    mayBeAhead: allowed.has('future-nonce'),
  })
}

export function nonceOf({ dialect, hotkey, nonce, madeAtMs }: SignedRequest) {
  return { hotkey, nonce: `${dialect} ${nonce}`, madeAtMs }
}

/** The costly check, some 0.3 ms: whether the hotkey that the claim names signed it. */
export function isSignedClaim(claim: SignedRequest, parts: SignedParts): boolean {
  const publicKey = publicKeyOf(claim.hotkey)
  if (claim.signature === undefined || publicKey === undefined) return false
  const { verify } = claim.keyType === 'ed25519' ? ed25519 : sr25519
  return verify(publicKey, Buffer.from(claim.signedText(parts)), fromHex(claim.signature, 64))
}
