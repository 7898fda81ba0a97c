import { bip39Generate, bip39ToMiniSecret, bip39Validate } from '@polkadot/wasm-crypto'
import { KeyError } from './keyError.ts'
import { ready } from './sr25519.ts'

export const mnemonicLengths = [12, 15, 18, 21, 24] as const
export type MnemonicLength = (typeof mnemonicLengths)[number]

/** The phrase that every Substrate dev chain funds; `//Alice` is short for this phrase followed by `//Alice`. */
export const devPhrase = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'

/** A new English BIP-39 phrase from the system's random source. */
export async function generateMnemonic(words: MnemonicLength = 12): Promise<string> {
  await ready()
  return bip39Generate(words)
}

/**
 * The 32-byte mini secret of a phrase after Substrate's rule: PBKDF2-HMAC-SHA512 over the phrase's *entropy*, not over
 * its text as in BIP-39. Runs of white space count as one space.
 *
 * @throws KeyError `bad-mnemonic`; no word of the phrase is in the message
 * @see facts: wallets.md, 5
 */
export async function miniSecretOf(mnemonic: string, password = ''): Promise<Uint8Array> {
  await ready()
  const words = mnemonic.trim().split(/\s+/)
  if (!mnemonicLengths.some((length) => length === words.length)) {
    throw new KeyError(
      `a mnemonic has ${mnemonicLengths.join(', ')} words, not ${words.length}`,
      { code: 'bad-mnemonic' },
      { mend: 'give all words of the phrase in their order' },
    )
  }
  const phrase = words.join(' ')
  if (!bip39Validate(phrase)) {
    throw new KeyError(
      'the words are not a valid English BIP-39 phrase: one is misspelt, or their order is wrong',
      { code: 'bad-mnemonic' },
      { mend: 'compare each word with the written phrase; all are lower-case English words' },
    )
  }
  return bip39ToMiniSecret(phrase, password)
}
