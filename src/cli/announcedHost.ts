import { isIP } from 'node:net'
import { InputError } from '../base/errors.ts'
import { type AddressKind, addressKind } from '../wire/addressKind.ts'

const anyAddress = ['::', '0.0.0.0']

interface AddressFlags {
  readonly 'axon.ip': string
  readonly 'axon.external_ip': string | undefined
}

export interface AnnouncedHost {
  readonly host: string
  /** Why callers may not reach it. */
  readonly warning?: string
}

/**
 * What to announce: the external address, else the one listened on; for a chain on this machine, this machine.
 *
 * @throws InputError for a host name, an address that reaches nobody, and where nothing says how callers reach the miner
 */
export function announcedHost(flags: AddressFlags, endpoints: readonly string[]): AnnouncedHost {
  const external = flags['axon.external_ip']
  const field = external === undefined ? '--axon.ip' : '--axon.external_ip'
  const host = external ?? (anyAddress.includes(flags['axon.ip']) ? undefined : flags['axon.ip'])
  const isLocalChain = endpoints.every(isLoopback)
  if (host === undefined) {
    if (isLocalChain) return { host: '127.0.0.1' }
    throw new InputError('--axon.external_ip', '', 'give the IP address at which callers reach this miner')
  }
  if (isIP(host) === 0) throw new InputError(field, host, mendOfName(host))
  const kind = addressKind(host)
  if (isNobody(kind)) throw new InputError(field, host, `it reaches nobody (${kind}); give the miner's own address`)
  // The chain refuses it, while 127.0.0.1 can be announced inside IPv6.
  if (kind === 'loopback' && host.includes(':') && !host.includes('.')) {
    throw new InputError(field, host, 'the chain refuses ::1; give 127.0.0.1')
  }
  return kind === 'public' || isLocalChain ? { host } : { host, warning: warningOf(host, kind) }
}

function isNobody(kind: AddressKind): boolean {
  return kind === 'unspecified' || kind === 'multicast'
}

function mendOfName(host: string): string {
  const inside = /^\[(.*)\]$/.exec(host)?.[1]
  if (inside !== undefined && isIP(inside) === 6) return 'give the IPv6 address without brackets'
  return 'give an IP address: the chain holds no host names'
}

/** For people, of an address that not everybody reaches. */
export function warningOf(host: string, kind: AddressKind): string {
  const nat = kind === 'private' || kind === 'carrier-nat' ? '; behind NAT give the address of the router' : ''
  return `${host} is a ${kind} address, which callers on the internet cannot reach${nat} (--axon.external_ip, --axon.external_port)`
}

function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(endpoint)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
