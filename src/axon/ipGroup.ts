const mappedV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * What counts as one address when connections are counted: an IPv4 address, also inside IPv6; of an IPv6 address its first
 * 64 bits, since whoever has one such address has all that share them.
 *
 * @param ip as a socket tells it; a zone behind `%` does not count
 * @returns a name for the group, equal for all its addresses
 * @see RFC 6177, 2: a site gets at least a /64
 */
export function ipGroup(ip: string): string {
  const mapped = mappedV4.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.split('%', 1)[0]!.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // A dotted end stands for two groups, both behind the first four.
  const afterGroups = after.length + (after.at(-1)?.includes('.') === true ? 1 : 0)
  const zeros = new Array<string>(Math.max(0, 8 - before.length - afterGroups)).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`
}
