import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { z } from 'zod'

const hashed = z.object({ type: z.string(), py: z.string(), sha3: z.string() })
const signed = z.object({ text: z.string(), signature: z.string() })

const schema = z.object({
  keys: z.record(z.string(), z.object({ ss58: z.string(), public: z.string() })),
  python_str_body_hash: z.array(z.object({ fields: z.array(hashed), final: z.string() })),
  dummy_input_obj: z.record(z.string(), z.string()),
  dendrite_request: signed,
  epistula_v2: signed.extend({ body: z.string(), body_sha256: z.string(), uuid: z.string(), timestamp: z.string() }),
  btauth_1: z.object({
    body: z.string(),
    body_sha256: z.string(),
    method: z.string(),
    target: z.string(),
    nonce: z.string(),
    receiver: z.string(),
    sr25519_payload: z.string(),
    ed25519_sender: z.string(),
    ed25519_signature: z.string(),
  }),
  captured_dendrite_request: z.object({
    headers_in_order: z.array(z.tuple([z.string(), z.string()])),
    body: z.string(),
    signed_text: z.string(),
  }),
  captured_axon_success_response: z.object({ headers_in_order: z.array(z.tuple([z.string(), z.string()])) }),
})

const path = new URL('../../../vectors/bittensor-wire/bittensor-wire-vectors.json', import.meta.url)

/** Captured from and computed with the Python SDKs; see the file's notes. */
export const vectors = schema.parse(JSON.parse(readFileSync(path, 'utf8')))

/** Any UTF-16 code units, halves of surrogate pairs among them. */
export const anyText = fc
  .array(fc.nat({ max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes))
