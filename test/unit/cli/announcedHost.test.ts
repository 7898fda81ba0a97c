import { describe, expect, test } from 'vitest'
import { announcedHost } from '../../../src/cli/announcedHost.ts'

const finney = ['wss://entrypoint-finney.opentensor.ai:443']
const local = ['ws://127.0.0.1:9944', 'ws://[::1]:9944']

function announced(external: string | undefined, endpoints = finney, ip = '::') {
  return announcedHost({ 'axon.ip': ip, 'axon.external_ip': external }, endpoints)
}

describe('the announced address', () => {
  test('is the external one, else the one listened on, else this machine for a chain on it', () => {
    expect(announced('8.8.8.8', finney, '10.0.0.1')).toEqual({ host: '8.8.8.8' })
    expect(announced(undefined, finney, '8.8.4.4')).toEqual({ host: '8.8.4.4' })
    expect(announced(undefined, local)).toEqual({ host: '127.0.0.1' })
    expect(announced('2a01:4f8::1')).toEqual({ host: '2a01:4f8::1' })
  })

  test.each([
    [undefined, 'give the IP address at which callers reach this miner'],
    ['miner.example.com', 'the chain holds no host names'],
    ['[2a01:4f8::1]', 'without brackets'],
    ['0.0.0.0', 'it reaches nobody (unspecified)'],
    ['::', 'it reaches nobody (unspecified)'],
    ['239.1.1.1', 'it reaches nobody (multicast)'],
    ['::1', 'give 127.0.0.1'],
    ['1.2.3', 'give an IP address'],
  ])('is not %s', (external, mend) => {
    expect(() => announced(external)).toThrow(expect.objectContaining({ mend: expect.stringContaining(mend) }))
  })

  test('is taken with a warning where not everybody reaches it, except on this machine', () => {
    expect(announced('192.168.1.7').warning).toMatch(/^192\.168\.1\.7 is a private address, .*address of the router/)
    expect(announced('100.64.1.7').warning).toContain('a carrier-nat address')
    expect(announced('127.0.0.1').warning).toContain('a loopback address')
    expect(announced('192.168.1.7', local)).toEqual({ host: '192.168.1.7' })
  })
})
