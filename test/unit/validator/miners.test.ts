import { expect, test } from 'vitest'
import type { Metagraph, Neuron } from '../../../src/chain/getMetagraph.ts'
import { minersOf } from '../../../src/validator/miners.ts'

// The base point, a sound key.
const publicKey = Uint8Array.from([0x58, ...new Array<number>(31).fill(0x66)])
const axon = { ip: (0xffffn << 32n) | 0x7f00_0001n, ipType: 6, port: 8091, version: 1, block: 5n } as const

function metagraphOf(neurons: readonly Partial<Neuron>[]): Metagraph {
  const full = neurons.map((neuron, uid) => ({
    uid,
    hotkey: `hotkey-${uid}`,
    axon,
    certificate: { algorithm: 1, publicKey },
    ...neuron,
  }))
  return { neurons: full } as unknown as Metagraph
}

test('a miner is a neuron that serves an axon, other than the validator itself', () => {
  const metagraph = metagraphOf([{ axon: undefined }, {}, {}, { axon: undefined }])
  expect(minersOf(metagraph, 'hotkey-1')).toEqual([
    { uid: 2, hotkey: 'hotkey-2', target: { host: '127.0.0.1', port: 8091, publicKey, hotkey: 'hotkey-2' } },
  ])
})

test.each([
  ['without a certificate', { certificate: undefined }, 'serve_axon_tls'],
  ['with a key of another kind', { certificate: { algorithm: 4, publicKey } }, 'Ed25519'],
  ['with half a key', { certificate: { algorithm: 1, publicKey: publicKey.slice(0, 16) } }, 'Ed25519'],
  ['with a key that anybody can sign for', { certificate: { algorithm: 1, publicKey: new Uint8Array(32) } }, 'Ed25519'],
  ['with an address that is too long for its type', { axon: { ...axon, ipType: 4 as const } }, 'IPv4'],
])('a miner %s is known, with the reason why nobody can ask it', (_, neuron, problem) => {
  const [miner] = minersOf(metagraphOf([neuron]), 'nobody')
  expect(miner).toEqual({ uid: 0, hotkey: 'hotkey-0', target: { problem: expect.stringContaining(problem) } })
})
