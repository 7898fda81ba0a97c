import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// The encryption of the oldest wallets: a Fernet token under a PBKDF2 key. Read only; btwallet itself can no longer
// read it. @see facts: wallets.md, 3

const derive = promisify(pbkdf2)
const salt = 'Iguesscyborgslikemyselfhaveatendencytobeparanoidaboutourorigins'
const rounds = 10_000_000

const version = 0x80
/** Version, 8 bytes of time, 16 of initialisation vector. */
const leadBytes = 25
const macBytes = 32

/** The plain bytes; undefined when the password is wrong or the file is damaged. Takes some seconds. */
export async function openLegacyFernet(file: Uint8Array, password: string): Promise<Uint8Array | undefined> {
  const token = Buffer.from(Buffer.from(file).toString('latin1').trim(), 'base64url')
  if (token[0] !== version || token.length < leadBytes + 16 + macBytes) return undefined
  const key = await derive(password, salt, rounds, 32, 'sha256')
  const signed = token.subarray(0, -macBytes)
  const expected = createHmac('sha256', key.subarray(0, 16)).update(signed).digest()
  if (!timingSafeEqual(token.subarray(-macBytes), expected)) return undefined
  const cipher = signed.subarray(leadBytes)
  if (cipher.length % 16 !== 0) return undefined
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(16), token.subarray(9, leadBytes))
  try {
    return Buffer.concat([decipher.update(cipher), decipher.final()])
  } catch {
    // The MAC fits, so only the padding can be wrong: a token that no Fernet writer made.
    return undefined
  }
}
