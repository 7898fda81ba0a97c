import { expect, test } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { addressKind } from '../../../src/wire/addressKind.ts'

test.each([
  ['8.8.8.8', 'public'],
  ['172.32.0.1', 'public'],
  ['100.128.0.1', 'public'],
  ['2a01:4f8::1', 'public'],
  ['0.0.0.0', 'unspecified'],
  ['0.0.0.1', 'reserved'],
  ['::', 'unspecified'],
  ['127.0.0.2', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:8.8.8.8', 'public'],
  ['10.255.0.1', 'private'],
  ['172.16.0.0', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.2', 'private'],
  ['fd00::1', 'private'],
  ['100.64.0.1', 'carrier-nat'],
  ['169.254.0.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['239.1.1.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['255.255.255.255', 'reserved'],
  ['203.0.113.7', 'documentation'],
  ['192.0.0.8', 'reserved'],
  ['::127.0.0.1', 'reserved'],
  ['100::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['fec0::1', 'private'],
  ['3fff::1', 'documentation'],
  ['2000::1', 'public'],
  ['3ffe:ffff::1', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['2001:db8::7', 'documentation'],
])('%s is %s', (host, kind) => expect(addressKind(host)).toBe(kind))

test('a host name has no kind', () => expect(() => addressKind('example.com')).toThrow(InputError))
