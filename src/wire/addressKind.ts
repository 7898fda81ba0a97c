import { chainIpOfHost, hostOfChainIp } from './axonAddress.ts'

/** Whom an IP address reaches. Only `public` ones are reached from everywhere. */
export type AddressKind =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'carrier-nat'
  | 'link-local'
  | 'multicast'
  | 'documentation'
  | 'reserved'

type Block = readonly [network: string, prefixBits: number, kind: AddressKind]

/** @see RFC 6890 and IANA's special-purpose address registries; RFC 6598 (100.64.0.0/10); RFC 4193 (fc00::/7); RFC 4291, 2.4 (2000::/3) */
const blocks: readonly Block[] = [
  ['0.0.0.0', 32, 'unspecified'],
  ['0.0.0.0', 8, 'reserved'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-nat'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'private'],
  ['ff00::', 8, 'multicast'],
  ['2001:db8::', 32, 'documentation'],
  ['3fff::', 20, 'documentation'],
  // What is left outside 2000::/3, but for the addresses that a translator makes of IPv4's.
  ['64:ff9b::', 96, 'public'],
  ['::', 3, 'reserved'],
  ['4000::', 2, 'reserved'],
  ['8000::', 1, 'reserved'],
]

/** The kind of an IPv4 or IPv6 address; IPv4 inside IPv6 counts as IPv4. @throws InputError for a host name */
export function addressKind(host: string): AddressKind {
  const { ip, ipType } = chainIpOfHost(hostOfChainIp(chainIpOfHost(host)))
  const bits = ipType === 4 ? 32 : 128
  const found = blocks.find(([network, prefixBits]) => {
    const block = chainIpOfHost(network)
    const rest = BigInt(bits - prefixBits)
    return block.ipType === ipType && block.ip >> rest === ip >> rest
  })
  return found?.[2] ?? 'public'
}
