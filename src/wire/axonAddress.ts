import { InputError } from '../base/errors.ts'

/** An axon's address as the chain stores it (`AxonInfo.ip`, `AxonInfo.ip_type`). */
export interface ChainIp {
  /** u128; for IPv4 the 32 bits as a number. */
  readonly ip: bigint
  readonly ipType: 4 | 6
}

const mappedLead = 0xffffn
const v4Mask = 0xffff_ffffn

/**
 * The host to connect to. An IPv4 address inside IPv6 (`::ffff:a.b.c.d`) becomes plain IPv4: the chain refuses 127.0.0.1
 * but takes its mapped form, which macOS would not connect to.
 *
 * @throws InputError for an ip that does not fit its type
 * @see facts: subtensor-chain.md, serve_axon
 */
export function hostOfChainIp({ ip, ipType }: { readonly ip: bigint; readonly ipType: number }): string {
  const bits = ipType === 4 ? 32n : ipType === 6 ? 128n : undefined
  if (bits === undefined) throw new InputError('ipType', ipType, 'the chain knows the types 4 and 6')
  if (ip < 0n || ip >> bits !== 0n) throw new InputError('ip', ip, `an IPv${ipType} address has ${bits} bits`)
  if (ipType === 4 || ip >> 32n === mappedLead) return v4Text(ip & v4Mask)
  return v6Text(ip)
}

/** Inverse for announcing: text of an IPv4 or IPv6 address, without brackets. @throws InputError for a host name */
export function chainIpOfHost(host: string): ChainIp {
  const v4 = v4Number(host)
  if (v4 !== undefined) return { ip: v4, ipType: 4 }
  const v6 = v6Number(host)
  if (v6 !== undefined) return { ip: v6, ipType: 6 }
  throw new InputError('ip', host, 'give an IPv4 or IPv6 address, such as 203.0.113.7 or 2001:db8::7')
}

/**
 * The address to announce for a local axon: IPv4 loopback becomes `::ffff:127.x.y.z` of type 6, since the chain refuses
 * 127.0.0.1 as such. Other addresses stay what they are. @throws InputError for a host name
 */
export function announcedIp(host: string): ChainIp {
  const plain = chainIpOfHost(host)
  if (plain.ipType === 6 || plain.ip >> 24n !== 127n) return plain
  return { ip: (mappedLead << 32n) | plain.ip, ipType: 6 }
}

/** `host:port`, with brackets around IPv6. */
export function showAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function v4Text(ip: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (ip >> shift) & 0xffn).join('.')
}

function v4Number(text: string): bigint | undefined {
  const parts = text.split('.')
  // Leading zeros are octal to some readers and decimal to others, so they are refused.
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined
  }
  return parts.reduce((ip, part) => (ip << 8n) | BigInt(part), 0n)
}

/** The URL parser writes an IPv6 address in the form of RFC 5952. */
function v6Text(ip: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((ip >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

function v6Number(text: string): bigint | undefined {
  // Without this, text such as `::1]/x[` would end the URL's host early.
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined
  const hostname = new URL(`http://[${text}]/`).hostname.slice(1, -1)
  const [head = '', tail] = hostname.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = new Array<string>(8 - before.length - after.length).fill('0')
  return [...before, ...zeros, ...after].reduce((ip, group) => (ip << 16n) | BigInt(`0x${group}`), 0n)
}
