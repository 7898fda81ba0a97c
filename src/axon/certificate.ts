import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'

/**
 * A self-signed X.509 certificate of an Ed25519 key, in PEM. It carries the key and nothing else that anybody looks at:
 * callers pin the key and ignore name and dates. The same key gives the same certificate.
 *
 * Written here because the certificate library at hand needs a reflection polyfill to load.
 *
 * @see RFC 5280, 4.1; RFC 8410 (Ed25519)
 */
export function selfSignedCertificate(privateKey: KeyObject): string {
  const keyInfo = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const algorithm = sequence(tlv(tag.objectId, ed25519Id))
  const name = sequence(tlv(tag.set, sequence(tlv(tag.objectId, commonNameId), tlv(tag.utf8, Buffer.from('axon')))))
  const body = sequence(
    tlv(tag.explicit0, tlv(tag.integer, Buffer.of(2))),
    tlv(tag.integer, serialNumber(keyInfo)),
    algorithm,
    name,
    sequence(tlv(tag.time, Buffer.from('20200101000000Z')), tlv(tag.time, Buffer.from('99991231235959Z'))),
    name,
    keyInfo,
  )
  const signature = tlv(tag.bitString, Buffer.concat([Buffer.of(0), sign(null, body, privateKey)]))
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const tag = {
  integer: 0x02,
  bitString: 0x03,
  objectId: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  explicit0: 0xa0,
} as const

/** 1.3.101.112 */
const ed25519Id = Buffer.of(0x2b, 0x65, 0x70)
/** 2.5.4.3 */
const commonNameId = Buffer.of(0x55, 0x04, 0x03)

/** 16 bytes of the key's hash; the lead byte keeps the integer positive and of full length. */
function serialNumber(keyInfo: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x01), createHash('sha256').update(keyInfo).digest().subarray(0, 15)])
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(tag.sequence, ...parts)
}

/** DER: tag, length, value. Everything here is shorter than 65,536 bytes. */
function tlv(type: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const size = value.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.of(type, ...length), value])
}
