import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseJson } from '../../../src/base/parse.ts'

/** Files that the Python package bittensor-wallet 4.0.1 wrote. */
export const btwallet = parseJson(
  z.object({
    password: z.string(),
    files: z.array(
      z.object({
        path: z.string(),
        ss58: z.string(),
        encrypted: z.boolean(),
        base64: z.string().transform((text) => Buffer.from(text, 'base64')),
      }),
    ),
    env_password: z.object({ path: z.string(), name: z.string(), password: z.string(), value: z.string() }),
  }),
  readFileSync(new URL('../../vectors/wallets/btwallet-4.0.1.json', import.meta.url), 'utf8'),
  'btwallet-4.0.1.json',
)
