import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { constants, copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ed25519Algorithm } from '../wire/axonCertificate.ts'
import { AxonError } from './axonError.ts'

/** The Ed25519 key of an axon: its TLS identity, and what signs receipts. Not the hotkey, which stays out of TLS. */
export interface AxonKey {
  readonly privateKey: KeyObject
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

const ownerOnly = 0o600

export function generateAxonKey(): AxonKey {
  return axonKeyOf(generateKeyPairSync('ed25519').privateKey)
}

/** What `serve_axon_tls` publishes: the algorithm byte and the key, 33 bytes. */
export function certificateBytes(key: AxonKey): Uint8Array {
  return Uint8Array.of(ed25519Algorithm, ...key.publicKey)
}

/** Writes PKCS#8 PEM, mode 0600, all of it to the disk or nothing. @throws AxonError `key-exists`: a key is never overwritten */
export function saveAxonKey(path: string, key: AxonKey): void {
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' })
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, pem, { mode: ownerOnly, flag: 'wx', flush: true })
    publish(temporary, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    throw new AxonError(
      `${path} exists already`,
      { code: 'key-exists', path },
      { mend: 'load it, or move it away', cause: error },
    )
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Gives the file its name, unless that is taken. */
function publish(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error
    // A file system without hard links.
    copyFileSync(temporary, path, constants.COPYFILE_EXCL)
  }
}

/** @throws AxonError `bad-key-file` where the file is missing, holds another kind of key, or others may read it */
export function loadAxonKey(path: string): AxonKey {
  const bad = (problem: string, mend: string, cause?: unknown): AxonError =>
    new AxonError(`${path}: ${problem}`, { code: 'bad-key-file', path }, { mend, cause })
  let pem: string
  try {
    // Windows has no such mode bits; there the folder's access list must do.
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw bad('others than its owner may use this key', `chmod 600 ${path}`)
    }
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof AxonError) throw error
    throw bad('the key cannot be read', 'give the path of an axon key', error)
  }
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch {
    // The cause is left out: OpenSSL's errors are of no use here, and the file may hold a secret.
    throw bad('this is no private key in PEM', 'give a PKCS#8 file as saveAxonKey writes it')
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw bad(`this is an ${privateKey.asymmetricKeyType} key`, 'an axon needs an Ed25519 key')
  }
  return axonKeyOf(privateKey)
}

/** The key of the file, which is made if there is none. */
export function loadOrCreateAxonKey(path: string): AxonKey {
  const key = generateAxonKey()
  try {
    saveAxonKey(path, key)
    return key
  } catch (error) {
    if (error instanceof AxonError && error.failure.code === 'key-exists') return loadAxonKey(path)
    throw error
  }
}

function axonKeyOf(privateKey: KeyObject): AxonKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { privateKey, publicKey: new Uint8Array(Buffer.from(x!, 'base64url')) }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
