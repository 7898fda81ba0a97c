import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/validator/store.ts'
import { identity, scratchFolder } from '../unit/validator/scratch.ts'

// SQLite keeps half a character of a JSON text as it is, and libsql ends the process when it reads one.
test('a miner whose claim ends in half a character does not keep the validator from starting again', () => {
  const path = join(scratchFolder(), 'scores.db')
  const claims = ['\ud83d', '\udc00x', 'a\u0000b', '"\\\n\u2028', '😀', `${'x'.repeat(119)}😀`.slice(0, 120)]
  const store = openStore(path, identity)
  store.declare('miner', ['\ud83d', 'law"'])
  const about = { hotkey: 'miner', domain: 'law', round: 0, family: 'f', kind: 'scored' as const, score: 0, chance: 0 }
  store.record(claims.map((note) => ({ ...about, note })))
  store.close()
  const again = openStore(path, identity)
  const notes = again.miners
    .get('miner')!
    .answers.get('law')!
    .map(({ note }) => note)
  again.close()
  expect(notes).toEqual(['\ufffd', '\ufffdx', 'a', '"\\\n\u2028', '😀', `${'x'.repeat(119)}\ufffd`])
})
