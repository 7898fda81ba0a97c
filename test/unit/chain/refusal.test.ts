import { expect, test } from 'vitest'
import { customRefusals, mends } from '../../../src/chain/chainError.ts'
import { dispatchError } from '../../../src/chain/outcome.ts'
import { refusal } from '../../../src/chain/refusal.ts'

test("subtensor's own refusals come under their names", () => {
  for (const [number, name] of Object.entries(customRefusals)) {
    const error = refusal('SubtensorModule.x', `1010: Invalid Transaction: Custom error: ${number}`)
    expect(error.failure).toEqual({ code: 'refused', reason: name, call: 'SubtensorModule.x', custom: Number(number) })
    expect(error.mend).toBe(mends[name])
  }
  expect(refusal('x', '1010: Invalid Transaction: Custom error: 99').message).toBe('x refused: custom error 99')
})

test.each([
  ['1010: Invalid Transaction: Inability to pay some fees (e.g. account balance too low)', 'fund'],
  ['1010: Invalid Transaction: Transaction is outdated', 'nonce'],
  ['1010: Invalid Transaction: Transaction has a bad signature', 'key or the chain'],
  ['1014: Priority is too low: (1 vs 1)', 'same nonce is waiting'],
  ['1012: Transaction is temporarily banned', 'half a minute'],
])('the node says %j', (message, mend) => {
  const error = refusal('Balances.transfer_keep_alive', message)
  expect(error.message).toBe(`Balances.transfer_keep_alive refused: ${message}`)
  expect(error.mend).toContain(mend)
})

test('an error in a block keeps the name of its pallet, and is mended by its own', () => {
  const error = dispatchError('SubtensorModule.add_stake', 'SubtensorModule.SubtokenDisabled')
  expect(error.explanation).toBe(
    'SubtensorModule.add_stake failed: SubtensorModule.SubtokenDisabled (the subnet has not started: its owner runs faculty subnet start)',
  )
  expect(dispatchError('X.y', 'X.Unheard').explanation).toBe('X.y failed: X.Unheard')
})

test('every mend that sends people to a command names one that there is', async () => {
  const { commands } = await import('../../../src/cli/commands.ts')
  const named = Object.values(mends).flatMap((mend) =>
    [...mend.matchAll(/faculty (\w+ \w+)/g)].map(([, path]) => path!),
  )
  expect(named.length).toBeGreaterThan(5)
  for (const path of named) expect(Object.keys(commands)).toContain(path)
})
