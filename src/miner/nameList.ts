import { BlockList, isIP } from 'node:net'
import { InputError } from '../base/errors.ts'
import { decodeAddress, encodeAddress, isAddress } from '../keys/ss58.ts'

/** Hotkeys and addresses that an owner has named. */
export interface NameList {
  /** Under prefix 42, as callers name themselves. */
  readonly hotkeys: ReadonlySet<string>
  readonly hasIps: boolean
  /** @param ip as a socket tells it; an IPv4 address inside IPv6 is that IPv4 address */
  hasIp(ip: string): boolean
}

/**
 * Reads names as they are typed: SS58 addresses of hotkeys, of any prefix, IP addresses, and ranges such as `203.0.113.0/24`.
 *
 * @param field for the message, such as `admission.deny`
 * @throws InputError for a name that is none of these
 */
export function readNameList(field: string, names: readonly string[]): NameList {
  const hotkeys = new Set<string>()
  const ips = new BlockList()
  for (const name of names) {
    const [ip = '', bits, ...rest] = name.split('/')
    const family = isIP(ip)
    const width = family === 4 ? 32 : 128
    if (family !== 0 && bits === undefined) ips.addAddress(ip, family === 4 ? 'ipv4' : 'ipv6')
    else if (family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits!) && Number(bits) <= width) {
      ips.addSubnet(ip, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
    } else if (isAddress(name)) hotkeys.add(encodeAddress(decodeAddress(name).publicKey))
    else
      throw new InputError(field, name, 'give the address of a hotkey, an IP address or a range such as 2001:db8::/32')
  }
  return {
    hotkeys,
    hasIps: ips.rules.length > 0,
    hasIp: (ip) => ips.check(ip.split('%', 1)[0]!, isIP(ip) === 4 ? 'ipv4' : 'ipv6'),
  }
}
