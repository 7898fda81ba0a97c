import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseJson } from '../../../src/base/parse.ts'

const schema = z.object({
  mnemonics: z.array(
    z.object({
      mnemonic: z.string(),
      seed: z.string(),
      sr25519_public: z.string(),
      sr25519_secret64: z.string(),
      ss58_42: z.string(),
      ed25519_public: z.string(),
      ed25519_ss58_42: z.string(),
    }),
  ),
  derived_from_dev_phrase_or_full_uri: z.record(z.string(), z.object({ ss58: z.string(), pub: z.string() })),
  private_key_form: z.object({ keyfile: z.string(), polkadot: z.string() }),
  ss58: z.object({ prefix0: z.string(), prefix42: z.string(), public: z.string() }),
  constructed: z.object({
    password: z.string(),
    nacl: z.object({
      argon2i13_salt_hex: z.string(),
      opslimit: z.number(),
      memlimit: z.number(),
      derived_key_hex: z.string(),
      nonce_hex: z.string(),
      plaintext_small: z.string(),
      file_small_base64: z.string(),
      plaintext_full: z.string(),
      file_full_base64: z.string(),
    }),
    legacy_fernet: z.object({ fernet_key: z.string(), plaintext: z.string(), file: z.string() }),
    ansible_vault: z.object({ plaintext: z.string(), file: z.string() }),
  }),
  env_password: z.object({ name: z.string(), password: z.string(), value: z.string(), path: z.string() }),
})

/** @see facts: wallets.md; wallets-vectors.json */
export const vectors = parseJson(
  schema,
  readFileSync(new URL('../../vectors/wallets/wallets-vectors.json', import.meta.url), 'utf8'),
  'wallets-vectors.json',
)

export const [oldLeopard, bottomDrive] = [vectors.mnemonics[0]!, vectors.mnemonics[1]!]
