import { expect, test } from 'vitest'
import { commands } from '../../../src/cli/commands.ts'
import { allMethods } from '../../../src/localnet/rpc/methods.ts'
import { currentPage, freshPage } from '../../localnetDocs.ts'

test('the tables of docs/localnet.md are those of the code: node --import tsx test/localnetDocs.ts writes them', () => {
  expect(currentPage()).toBe(freshPage(currentPage()))
})

test('every dev power is told of, as a command and as a method', () => {
  const text = currentPage().slice(0, currentPage().indexOf('<!-- generated'))
  const powers = Object.keys(commands).filter((name) => name.startsWith('localnet '))
  expect(powers.filter((name) => !text.includes(`faculty ${name}`))).toEqual([])
  const methods = [...allMethods().keys()].filter((name) => name.startsWith('localnet_'))
  expect(methods.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('every dev power is kept from strangers: no localnet_ method is served on other interfaces by itself', () => {
  const powers = [...allMethods()].filter(([name]) => name.startsWith('localnet_'))
  expect(powers.length).toBeGreaterThan(25)
  expect(powers.filter(([, { isUnsafe }]) => !isUnsafe).map(([name]) => name)).toEqual([])
})
