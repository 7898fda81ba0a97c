import { expect, test } from 'vitest'
import { httpTargetOf } from '../../../src/dendrite/httpTargetOf.ts'

const axon = { ip: 0xcb00_7107n, ipType: 4, port: 8091, version: 10_002_000 }
const python = { hotkey: 'miner', axon, certificate: undefined }
const target = { host: '203.0.113.7', port: 8091, hotkey: 'miner' }

test.each([
  ['SDK 10', python, { ...target, dialect: 'synapse' }],
  ['SDK 11', { ...python, axon: { ...axon, version: 1 } }, { ...target, dialect: 'btauth' }],
  ['one with a certificate', { ...python, certificate: { algorithm: 1 } }, undefined],
  ['one that serves nothing', { ...python, axon: undefined }, undefined],
])('%s', (_what, neuron, expected) => {
  expect(httpTargetOf(neuron)).toEqual(expected)
})
