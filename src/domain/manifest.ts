import { z } from 'zod'

/** A quantity that goes in or comes out, as `manifest.json` describes it to people and programs. */
const quantity = z.object({
  name: z.string().min(1),
  /** `text`, `number`, `label` or `choice`. */
  kind: z.enum(['text', 'number', 'label', 'choice']),
  unit: z.string().optional(),
  /** The most characters (text), inclusive. */
  most: z.number().int().min(1).optional(),
})

const name = z.string().min(1)
/**
 * Where a model is: a folder with a Hugging Face decoder, relative to the manifest, and on which devices it runs where
 * `--device` does not say, in the same words; or its name on inference servers.
 */
const model = z.union([z.strictObject({ folder: name, device: name.optional() }), z.strictObject({ upstream: name })], {
  message: 'give {"folder": "…"} or {"upstream": "…"}',
})

/**
 * `manifest.json` beside `miner.ts`: what the miner offers. A model's fingerprint is not written here but computed from
 * the folder when it is loaded, so that retraining or exchanging a model changes its folder and nothing else.
 */
export const manifestSchema = z.object({
  format: z.literal('faculty-manifest/1', { message: 'give "faculty-manifest/1"' }),
  title: z.string().min(1),
  inputs: z.array(quantity).min(1),
  outputs: z.array(quantity).min(1),
  /** The task families that the models were trained on; absent where these are all of the domain's. */
  families: z.array(z.string().min(1)).min(1).optional(),
  /** By name. Empty where no model is used. */
  models: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), model),
})

export type Manifest = z.output<typeof manifestSchema>
