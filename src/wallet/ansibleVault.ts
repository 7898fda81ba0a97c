import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// The encryption of old wallets: Ansible Vault 1.1 (or 1.2, with a label). Read only. @see facts: wallets.md, 3

const derive = promisify(pbkdf2)
const rounds = 10_000

/** The plain bytes; undefined when the password is wrong or the file is damaged. */
export async function openAnsibleVault(file: Uint8Array, password: string): Promise<Uint8Array | undefined> {
  const [header = '', ...lines] = Buffer.from(file).toString('latin1').split(/\r?\n/)
  if (!/^\$ANSIBLE_VAULT;1\.[12];AES256(;.*)?$/.test(header.trim())) return undefined
  // The body is hex of three lines, which are hex themselves.
  const [salt, mac, cipher] = Buffer.from(lines.join('').trim(), 'hex').toString('latin1').split('\n').map(bytesOf)
  if (salt === undefined || mac === undefined || cipher === undefined) return undefined
  const key = await derive(password, salt, rounds, 80, 'sha256')
  const expected = createHmac('sha256', key.subarray(32, 64)).update(cipher).digest()
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined
  const decipher = createDecipheriv('aes-256-ctr', key.subarray(0, 32), key.subarray(64, 80))
  return withoutPadding(Buffer.concat([decipher.update(cipher), decipher.final()]))
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

/** PKCS#7 with blocks of 16 bytes. The MAC has been checked, so a wrong padding is a damaged file, not an oracle. */
function withoutPadding(padded: Buffer): Uint8Array | undefined {
  const count = padded.at(-1) ?? 0
  if (count < 1 || count > 16 || padded.length < count) return undefined
  return padded.subarray(0, padded.length - count)
}
