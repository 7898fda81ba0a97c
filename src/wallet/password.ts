import { readFile } from 'node:fs/promises'
import { clearPassword, passwordVariable } from './envPassword.ts'
import { askHidden, processTerminal, type Terminal } from './terminal.ts'
import { type PasswordSource, WalletError } from './walletError.ts'

/** Ways to a password. Those not given here are looked up in the environment. */
export interface PasswordOptions {
  /** Wins over all others. */
  readonly password?: string | undefined
  /** A file with the password; default the one that BT_WALLET_PASSWORD_FILE names. */
  readonly passwordFile?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Where to ask; undefined never asks. Default this process's terminal, if it has one. */
  readonly terminal?: Terminal | undefined
}

export interface FoundPassword {
  readonly password: string
  readonly source: PasswordSource
}

const plainVariable = 'BT_WALLET_PASSWORD'
const fileVariable = 'BT_WALLET_PASSWORD_FILE'

/**
 * The password that unlocks the keyfile at `path`: argument, BT_WALLET_PASSWORD, BT_PW_…, password file, prompt, in
 * this order. Without a terminal it never asks.
 *
 * @throws WalletError `locked`, naming the variables that would unlock the key; `bad-password` for an unusable source
 * @see facts: wallets.md, 4
 */
export async function findPassword(path: string, options: PasswordOptions = {}): Promise<FoundPassword> {
  const given = await passwordWithoutAsking(path, options)
  if (given !== undefined) return given
  const terminal = terminalOf(options)
  if (terminal === undefined) throw locked(path)
  return { password: await askHidden(`Password for ${path}: `, terminal), source: 'prompt' }
}

/**
 * The password to encrypt a new key at `path` with: as for unlocking, but a person is asked twice and held to
 * `weaknessOf`. A password from a program is taken as it is.
 *
 * @throws WalletError `locked`, `bad-password`
 */
export async function findNewPassword(path: string, options: PasswordOptions = {}): Promise<string> {
  const given = await passwordWithoutAsking(path, options)
  if (given !== undefined) return given.password
  const terminal = terminalOf(options)
  if (terminal === undefined) throw locked(path)
  const password = await askHidden(`New password for ${path}: `, terminal)
  const weakness = weaknessOf(password)
  if (weakness !== undefined) throw refused(weakness, 'choose a longer or more varied password')
  const again = await askHidden('The same password again: ', terminal)
  if (again !== password) throw refused('the two passwords differ', 'try again')
  return password
}

/**
 * Why a person should not use this password; undefined when nothing speaks against it. Bittensor asks for 6 characters
 * and a score from a library; here the second rule is 4 different characters and 26 bits by alphabet and length.
 */
export function weaknessOf(password: string): string | undefined {
  const characters = [...password]
  if (characters.length < 6) return 'the password has fewer than 6 characters'
  const different = new Set(characters).size
  if (different < 4) return 'the password has fewer than 4 different characters'
  const alphabet =
    (/\p{Ll}/u.test(password) ? 26 : 0) +
    (/\p{Lu}/u.test(password) ? 26 : 0) +
    (/\d/.test(password) ? 10 : 0) +
    (/[^\p{Ll}\p{Lu}\d]/u.test(password) ? 33 : 0)
  return characters.length * Math.log2(alphabet) < 26 ? 'the password is easy to guess' : undefined
}

async function passwordWithoutAsking(path: string, options: PasswordOptions): Promise<FoundPassword | undefined> {
  const env = options.env ?? process.env
  if (options.password !== undefined) return { password: options.password, source: 'argument' }
  const plain = env[plainVariable]
  if (plain !== undefined && plain !== '') return { password: plain, source: plainVariable }
  const variable = passwordVariable(path)
  const obscured = env[variable]
  if (obscured !== undefined && obscured !== '') return { password: cleared(obscured, variable), source: variable }
  if (options.passwordFile !== undefined) return await fromFile(options.passwordFile, 'file')
  const file = env[fileVariable]
  return file === undefined || file === '' ? undefined : await fromFile(file, fileVariable)
}

function cleared(value: string, variable: `BT_PW_${string}`): string {
  const password = clearPassword(value, variable)
  if (password !== undefined) return password
  throw new WalletError(
    `${variable} does not hold an obscured password`,
    { code: 'bad-password', source: variable },
    { mend: `a plain password belongs in ${plainVariable}; this variable takes base64 of password XOR variable name` },
  )
}

/** A line break at the end is no part of the password: editors and `echo` put one there. */
async function fromFile(file: string, source: PasswordSource): Promise<FoundPassword> {
  let password: string
  try {
    password = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw new WalletError(
      `the password file ${file} cannot be read`,
      { code: 'bad-password', source },
      { mend: `give a readable file in --wallet-password-file or ${fileVariable}`, cause: error },
    )
  }
  // A secret that was not mounted, or a write that failed: a new key would be as good as not encrypted.
  if (password !== '') return { password, source }
  throw new WalletError(
    `the password file ${file} is empty`,
    { code: 'bad-password', source },
    { mend: 'put the password into it' },
  )
}

function terminalOf(options: PasswordOptions): Terminal | undefined {
  return 'terminal' in options ? options.terminal : processTerminal()
}

function locked(path: string): WalletError {
  const variable = passwordVariable(path)
  return new WalletError(
    `there is no terminal to ask for the password of ${path}`,
    { code: 'locked', path, variable },
    { mend: `set ${plainVariable}, or ${fileVariable} to a file, or ${variable} (obscured)` },
  )
}

function refused(what: string, mend: string): WalletError {
  return new WalletError(what, { code: 'bad-password', source: 'new' }, { mend })
}
