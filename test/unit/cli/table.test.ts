import { expect, test } from 'vitest'
import { table } from '../../../src/cli/table.ts'

test('a cell that a node or a subnet owner wrote is one line of plain text', () => {
  const text = table(['SIGN', 'N'], [['\u001b[2Jα\n\t9\u009b', '1']])
  expect(text.split('\n')).toEqual(['SIGN       N', '─────────  ─', '\ufffd[2Jα  9\ufffd  1'])
})
