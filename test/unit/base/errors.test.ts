import { expect, test } from 'vitest'
import { FacultyError, messageOf } from '../../../src/base/errors.ts'
import { nodeErrorIn } from '../../../src/chain/nodeError.ts'

test('a message for log and terminal holds no control characters of a stranger', () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31m'
  const node = nodeErrorIn({ error: { code: 1, message: hostile, data: hostile } })!
  const shown = [node, new FacultyError(`refused: ${hostile}`, { code: 'x' }, { mend: hostile }), hostile].map(
    messageOf,
  )
  for (const text of shown) expect(text).not.toMatch(/\p{Cc}/u)
  expect(shown[1]).toBe('refused: \ufffd[2J\ufffd]0;owned\ufffd\ufffd31m (\ufffd[2J\ufffd]0;owned\ufffd\ufffd31m)')
  expect(messageOf(new Error('two\nlines\tand a tab'))).toBe('two\nlines\tand a tab')
})
