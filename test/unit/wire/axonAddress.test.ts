import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { announcedIp, chainIpOfHost, hostOfChainIp, showAddress } from '../../../src/wire/axonAddress.ts'

const bits = (count: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (1n << count) - 1n })
const mapped = 0xffffn << 32n

describe('an address as the chain stores it', () => {
  const vectors: readonly [host: string, ip: bigint, ipType: 4 | 6][] = [
    ['203.0.113.7', 0xcb007107n, 4],
    ['255.255.255.255', 0xffffffffn, 4],
    ['0.0.0.0', 0n, 4],
    ['2001:db8::7', 0x20010db8000000000000000000000007n, 6],
    ['::1', 1n, 6],
    ['::', 0n, 6],
  ]
  test.each(vectors)('%s', (host, ip, ipType) => {
    expect(chainIpOfHost(host)).toEqual({ ip, ipType })
    expect(hostOfChainIp({ ip, ipType })).toBe(host)
  })

  test('any IPv4 address there and back', () => {
    fc.assert(
      fc.property(bits(32n), (ip) => {
        const host = hostOfChainIp({ ip, ipType: 4 })
        expect(isIPv4(host)).toBe(true)
        expect(chainIpOfHost(host)).toEqual({ ip, ipType: 4 })
      }),
    )
  })

  test('any IPv6 address there and back; a mapped one comes out as IPv4', () => {
    const group = fc.constantFrom<bigint[]>(0n, 1n, 0xffffn, 0xdb8n)
    const sparse = fc.array(group, { minLength: 8, maxLength: 8 })
    const any = fc.oneof(
      bits(128n),
      sparse.map((groups) => groups.reduce((ip, next) => (ip << 16n) | next, 0n)),
      bits(32n).map((low) => mapped | low),
    )
    fc.assert(
      fc.property(any, (ip) => {
        const host = hostOfChainIp({ ip, ipType: 6 })
        if (ip >> 32n === 0xffffn) {
          expect(isIPv4(host)).toBe(true)
          expect(chainIpOfHost(host)).toEqual({ ip: ip & 0xffff_ffffn, ipType: 4 })
        } else {
          expect(isIPv6(host)).toBe(true)
          expect(chainIpOfHost(host)).toEqual({ ip, ipType: 6 })
        }
      }),
      { numRuns: 500 },
    )
  })

  test('other spellings of one IPv6 address', () => {
    const ip = 0x20010db8000000000000000000000007n
    for (const host of ['2001:DB8::7', '2001:0db8:0:0:0:0:0:7', '2001:db8:0:0::0.0.0.7']) {
      expect(chainIpOfHost(host)).toEqual({ ip, ipType: 6 })
    }
    expect(chainIpOfHost('::ffff:127.0.0.1')).toEqual({ ip: mapped | 0x7f000001n, ipType: 6 })
  })

  test.each([
    '',
    'axon.example',
    '127.0.0.01',
    '256.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '::1]/x[',
    '[::1]',
    'fe80::1%eth0',
    '1::2::3',
    ' ::1',
  ])('%j is none', (host) => {
    expect(() => chainIpOfHost(host)).toThrow(InputError)
    expect(() => announcedIp(host)).toThrow(/give an IPv4 or IPv6 address|cannot be used/)
  })

  test('any other text is refused, never read as something', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.]{1,20}$/)), (host) => {
        if (isIPv6(host) || isIPv4(host)) expect(() => chainIpOfHost(host)).not.toThrow()
        else expect(() => chainIpOfHost(host)).toThrow(InputError)
      }),
      { numRuns: 1_000 },
    )
  })

  test('an ip that does not fit its type names the field', () => {
    expect(() => hostOfChainIp({ ip: 1n << 32n, ipType: 4 })).toThrow(/ip: 4294967296/)
    expect(() => hostOfChainIp({ ip: 1n << 128n, ipType: 6 })).toThrow(/^ip: /)
    expect(() => hostOfChainIp({ ip: -1n, ipType: 4 })).toThrow(/ip: -1/)
    expect(() => hostOfChainIp({ ip: 1n, ipType: 5 })).toThrow(/ipType: 5/)
  })
})

test('loopback is announced in its mapped form, which the dendrite unwraps; nothing else changes', () => {
  fc.assert(
    fc.property(bits(32n), bits(128n), (v4, v6) => {
      const host = hostOfChainIp({ ip: v4, ipType: 4 })
      const announced = announcedIp(host)
      const isLoopback = host.startsWith('127.')
      expect(announced).toEqual(isLoopback ? { ip: mapped | v4, ipType: 6 } : { ip: v4, ipType: 4 })
      expect(hostOfChainIp(announced)).toBe(host)
      const other = hostOfChainIp({ ip: v6, ipType: 6 })
      expect(hostOfChainIp(announcedIp(other))).toBe(other)
    }),
  )
  expect(announcedIp('127.0.0.1')).toEqual({ ip: 0xffff_7f00_0001n, ipType: 6 })
})

test('showAddress puts brackets around IPv6', () => {
  expect(showAddress('::1', 8091)).toBe('[::1]:8091')
  expect(showAddress('127.0.0.1', 8091)).toBe('127.0.0.1:8091')
})
