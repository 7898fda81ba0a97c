import { generateKeyPairSync, verify, X509Certificate } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  certificateBytes,
  generateAxonKey,
  loadAxonKey,
  loadOrCreateAxonKey,
  saveAxonKey,
} from '../../../src/axon/axonKey.ts'
import { selfSignedCertificate } from '../../../src/axon/certificate.ts'
import { isSoundPublicKey } from '../../../src/keys/ed25519.ts'

vi.mock('node:fs', async (load) => {
  const real = await load<typeof import('node:fs')>()
  return { ...real, linkSync: vi.fn(real.linkSync), writeFileSync: vi.fn(real.writeFileSync) }
})

let path: string

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-axon-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  path = join(folder, 'inner', 'axon.pem')
})

describe('an axon key on disk', () => {
  test('is read back as it was, and others may not read it', () => {
    const key = generateAxonKey()
    saveAxonKey(path, key)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const read = loadAxonKey(path)
    expect(read.publicKey).toEqual(key.publicKey)
    expect(read.privateKey.equals(key.privateKey)).toBe(true)
    expect(loadOrCreateAxonKey(path).publicKey).toEqual(key.publicKey)
  })

  test('is made where there is none, once', () => {
    expect(loadOrCreateAxonKey(path).publicKey).toEqual(loadOrCreateAxonKey(path).publicKey)
  })

  test('is never overwritten', () => {
    saveAxonKey(path, generateAxonKey())
    const before = readFileSync(path, 'utf8')
    expect(() => saveAxonKey(path, generateAxonKey())).toThrow(
      expect.objectContaining({ failure: { code: 'key-exists', path } }),
    )
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test('whose writing broke off leaves nothing behind, and the next start makes one', () => {
    vi.mocked(writeFileSync).mockImplementationOnce((file, data, options) => {
      appendFileSync(file, String(data).slice(0, 30), options)
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    })
    expect(() => loadOrCreateAxonKey(path)).toThrow('no space left')
    expect(readdirSync(dirname(path))).toEqual([])
    const key = loadOrCreateAxonKey(path)
    expect(readdirSync(dirname(path))).toEqual(['axon.pem'])
    expect(loadAxonKey(path).publicKey).toEqual(key.publicKey)
  })

  test('is written, and never overwritten, where there are no hard links', () => {
    vi.mocked(linkSync).mockImplementation(() => {
      throw Object.assign(new Error('not supported'), { code: 'EPERM' })
    })
    onTestFinished(() => void vi.mocked(linkSync).mockReset())
    const key = loadOrCreateAxonKey(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(() => saveAxonKey(path, key)).toThrow(expect.objectContaining({ failure: { code: 'key-exists', path } }))
  })

  test('is refused where others may read it', () => {
    saveAxonKey(path, generateAxonKey())
    chmodSync(path, 0o644)
    expect(() => loadAxonKey(path)).toThrow(expect.objectContaining({ mend: `chmod 600 ${path}` }))
  })

  test('is refused where it is missing, is no PEM or is of another kind, without a word of what the file holds', () => {
    const refuses = (why: RegExp): void => {
      try {
        loadAxonKey(path)
        expect.unreachable()
      } catch (error) {
        expect(error).toMatchObject({ failure: { code: 'bad-key-file', path }, message: expect.stringMatching(why) })
        expect(String((error as Error).cause ?? '')).not.toContain('secret words')
      }
    }
    refuses(/cannot be read/)
    saveAxonKey(path, generateAxonKey())
    writeFileSync(path, 'secret words')
    refuses(/no private key in PEM/)
    writeFileSync(
      path,
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    )
    refuses(/this is an ec key/)
  })
})

describe('its certificate', () => {
  test('holds the key, is signed by it and is always the same', () => {
    const { privateKey, publicKey } = generateAxonKey()
    const pem = selfSignedCertificate(privateKey)
    expect(selfSignedCertificate(privateKey)).toBe(pem)
    const certificate = new X509Certificate(pem)
    expect(certificate.publicKey.asymmetricKeyType).toBe('ed25519')
    expect(Buffer.from(certificate.publicKey.export({ format: 'jwk' }).x!, 'base64url')).toEqual(Buffer.from(publicKey))
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.verify(new X509Certificate(selfSignedCertificate(generateAxonKey().privateKey)).publicKey)).toBe(
      false,
    )
    expect(new Date(certificate.validTo).getUTCFullYear()).toBe(9999)
    expect(verify(null, Buffer.from('x'), certificate.publicKey, Buffer.alloc(64))).toBe(false)
  })

  test('is published as the byte for Ed25519 and the 32 bytes of a sound key', () => {
    const key = generateAxonKey()
    const bytes = certificateBytes(key)
    expect(bytes).toHaveLength(33)
    expect(bytes[0]).toBe(1)
    expect(bytes.subarray(1)).toEqual(key.publicKey)
    expect(isSoundPublicKey(key.publicKey)).toBe(true)
  })
})
