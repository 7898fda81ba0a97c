import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readWalletFile, writeWalletFile } from '../../../src/wallet/walletFile.ts'
import { scratchFolder, walletErrorOf } from './scratch.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('wallet files', () => {
  test('the file is 0600 and new folders 0700, whatever the umask', async () => {
    const folder = scratchFolder()
    for (const umask of [0o000, 0o022, 0o377]) {
      const path = join(folder, String(umask), 'hotkeys', 'key')
      const before = process.umask(umask === 0o377 ? 0o077 : umask)
      try {
        await writeWalletFile(path, 'secret', false)
      } finally {
        process.umask(before)
      }
      expect(modeOf(path)).toBe('600')
      expect([modeOf(join(folder, String(umask))), modeOf(join(folder, String(umask), 'hotkeys'))]).toEqual([
        '700',
        '700',
      ])
    }
  })

  test('a file that was readable by all is not any more once overwritten; folders of others stay as they are', async () => {
    const folder = join(scratchFolder(), 'shared')
    mkdirSync(folder)
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'key'), 'old', { mode: 0o644 })
    await writeWalletFile(join(folder, 'key'), 'new', true)
    expect(modeOf(join(folder, 'key'))).toBe('600')
    expect(modeOf(folder)).toBe('755')
    expect(readFileSync(join(folder, 'key'), 'utf8')).toBe('new')
  })

  test('an existing file is not replaced unless told, and nothing is left beside it', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'key')
    await writeWalletFile(path, 'first', false)
    const error = await walletErrorOf(writeWalletFile(path, 'second', false))
    expect(error.failure).toEqual({ code: 'exists', path })
    expect(readFileSync(path, 'utf8')).toBe('first')
    expect(readdirSync(folder)).toEqual(['key'])
  })

  test('attack: of many writers at once exactly one wins, and its file is whole', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'key')
    const writes = Array.from({ length: 20 }, (_, i) => writeWalletFile(path, String(i).repeat(10_000), false))
    const results = await Promise.allSettled(writes)
    const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []))
    expect(winners).toHaveLength(1)
    expect(readFileSync(path, 'utf8')).toBe(String(winners[0]).repeat(10_000))
    expect(readdirSync(folder)).toEqual(['key'])
  })

  test('what the disk refuses is said with its code', async () => {
    const folder = scratchFolder()
    writeFileSync(join(folder, 'file'), '')
    const error = await walletErrorOf(writeWalletFile(join(folder, 'file', 'key'), 'x', false))
    expect(error.failure).toMatchObject({ code: 'disk', errno: 'EEXIST' })
    const deeper = await walletErrorOf(writeWalletFile(join(folder, 'file', 'hotkeys', 'key'), 'x', false))
    expect(deeper.failure).toMatchObject({ code: 'disk', errno: 'ENOTDIR' })
    expect((await walletErrorOf(readWalletFile(folder))).failure).toMatchObject({ code: 'disk', errno: 'EISDIR' })
    expect(await readWalletFile(join(folder, 'file', 'key'))).toBeUndefined()
  })
})
