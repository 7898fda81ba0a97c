import { sep } from 'node:path'

/**
 * Name of the environment variable in which Bittensor keeps the password of the keyfile at an absolute path.
 *
 * @see facts: wallets.md, 4
 */
export function passwordVariable(path: string): `BT_PW_${string}` {
  return `BT_PW_${path.replaceAll(sep, '_').replaceAll('.', '_').toUpperCase()}`
}

/** The value that variable must have: base64 of the password XOR the variable's name. It hides nothing. */
export function obscurePassword(password: string, variable: string): string {
  return xor(Buffer.from(password), variable).toString('base64')
}

/** Inverse of `obscurePassword`; undefined when the value is not such a text, for instance the plain password. */
export function clearPassword(value: string, variable: string): string | undefined {
  const text = value.trim()
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(xor(Buffer.from(text, 'base64'), variable))
  } catch {
    // TextDecoder has one failure only: the bytes are no text.
    return undefined
  }
}

function xor(bytes: Buffer, variable: string): Buffer {
  const name = Buffer.from(variable)
  return Buffer.from(bytes.map((byte, i) => byte ^ name[i % name.length]!))
}
