import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clearPassword, obscurePassword, passwordVariable } from '../../../src/wallet/envPassword.ts'
import { findNewPassword, findPassword, weaknessOf } from '../../../src/wallet/password.ts'
import type { Terminal } from '../../../src/wallet/terminal.ts'
import { printedForms } from '../keys/leaks.ts'
import { vectors } from '../keys/vectors.ts'
import { btwallet } from './btwalletVectors.ts'
import { alone, scratchFolder, walletErrorOf } from './scratch.ts'

const path = vectors.env_password.path
const variable = passwordVariable(path)

/** A keyboard on which each answer is typed once its question is on the screen. */
function typist(...answers: string[]): Terminal & { screen: () => string } {
  const input = new PassThrough()
  const output = new PassThrough()
  let shown = ''
  output.on('data', (piece: Buffer) => {
    shown += piece.toString()
    const answer = shown.endsWith(': ') ? answers.shift() : undefined
    if (answer !== undefined) setImmediate(() => input.write(answer))
  })
  return { input, output, screen: () => shown }
}

describe('the password in the environment', () => {
  test.each([vectors.env_password, btwallet.env_password])('$name', (vector) => {
    expect(passwordVariable(vector.path)).toBe(vector.name)
    expect(obscurePassword(vector.password, vector.name)).toBe(vector.value)
    expect(clearPassword(vector.value, vector.name)).toBe(vector.password)
  })

  test('any password comes back, and any value gives text or undefined', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (password, value) => {
        expect(clearPassword(obscurePassword(password, variable), variable)).toBe(password)
        expect(['string', 'undefined']).toContain(typeof clearPassword(value, variable))
      }),
    )
  })
})

describe('where a password comes from', () => {
  test('the order: argument, BT_WALLET_PASSWORD, BT_PW_…, file, file of the environment, prompt', async () => {
    const folder = scratchFolder()
    const [given, named] = [join(folder, 'given'), join(folder, 'named')]
    writeFileSync(given, 'from the given file\n')
    writeFileSync(named, 'from the named file\r\n')
    const env: Record<string, string> = {
      BT_WALLET_PASSWORD: 'plain',
      [variable]: obscurePassword('obscured', variable),
      BT_WALLET_PASSWORD_FILE: named,
    }
    const without = (...names: string[]) => Object.fromEntries(Object.entries(env).filter(([n]) => !names.includes(n)))
    const terminal = undefined
    const find = async (options: Parameters<typeof findPassword>[1]) =>
      Object.values(await findPassword(path, { terminal, ...options }))
    const noPlain = without('BT_WALLET_PASSWORD')
    const onlyFile = without('BT_WALLET_PASSWORD', variable)
    expect(await find({ env, password: 'argument', passwordFile: given })).toEqual(['argument', 'argument'])
    expect(await find({ env, passwordFile: given })).toEqual(['plain', 'BT_WALLET_PASSWORD'])
    expect(await find({ env: noPlain, passwordFile: given })).toEqual(['obscured', variable])
    expect(await find({ env: onlyFile, passwordFile: given })).toEqual(['from the given file', 'file'])
    expect(await find({ env: onlyFile })).toEqual(['from the named file', 'BT_WALLET_PASSWORD_FILE'])
    expect(await find({ env: {}, terminal: typist('  typed \r') })).toEqual(['typed', 'prompt'])
  })

  test('without a terminal nobody is asked: the error names the variable that unlocks', async () => {
    const error = await walletErrorOf(findPassword(path, alone))
    expect(error.failure).toEqual({ code: 'locked', path, variable: vectors.env_password.name })
    expect(error.explanation).toContain(vectors.env_password.name)
    expect(error.explanation).toContain('BT_WALLET_PASSWORD')
    expect((await walletErrorOf(findNewPassword(path, alone))).failure.code).toBe('locked')
  })

  test('an empty variable counts as none', async () => {
    const env = { BT_WALLET_PASSWORD: '', [variable]: '', BT_WALLET_PASSWORD_FILE: '' }
    expect((await walletErrorOf(findPassword(path, { ...alone, env }))).failure.code).toBe('locked')
  })

  test.each(['', '\n'])('a file with %j holds no password, so no new key is encrypted with none', async (content) => {
    const file = join(scratchFolder(), 'empty')
    writeFileSync(file, content)
    const options = { ...alone, passwordFile: file }
    for (const find of [findPassword, findNewPassword]) {
      const error = await walletErrorOf(find(path, options))
      expect(error.failure).toEqual({ code: 'bad-password', source: 'file' })
      expect(error.message).toContain(file)
    }
  })

  test('a plain password in BT_PW_… is named as the mistake it is, and not shown', async () => {
    const error = await walletErrorOf(findPassword(path, { ...alone, env: { [variable]: 'opensesame!' } }))
    expect(error.failure).toEqual({ code: 'bad-password', source: variable })
    expect(printedForms(error)).not.toContain('opensesame')
  })

  test('a password file that is not there is an error, not a reason to go on', async () => {
    const env = { BT_WALLET_PASSWORD_FILE: '/nowhere/at/all' }
    const error = await walletErrorOf(findPassword(path, { env, terminal: typist('typed\r') }))
    expect(error.failure).toEqual({ code: 'bad-password', source: 'BT_WALLET_PASSWORD_FILE' })
  })
})

describe('the prompt', () => {
  test('shows the question and nothing of the answer; backspace works', async () => {
    const terminal = typist('hunterr\u007f22\r')
    expect((await findPassword(path, { env: {}, terminal })).password).toBe('hunter22')
    expect(terminal.screen()).toBe(`Password for ${path}: \n`)
  })

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s gives up', async (_name, key) => {
    const error = await walletErrorOf(findPassword(path, { env: {}, terminal: typist(key) }))
    expect(error.failure).toEqual({ code: 'bad-password', source: 'prompt' })
  })

  test('a new password is typed twice', async () => {
    const typed = (...answers: string[]) => findNewPassword(path, { env: {}, terminal: typist(...answers) })
    expect(await typed('Tr0ub4dor\r', 'Tr0ub4dor\r')).toBe('Tr0ub4dor')
    expect((await walletErrorOf(typed('Tr0ub4dor\r', 'Tr0ub4dur\r'))).message).toBe('the two passwords differ')
    expect((await walletErrorOf(typed('12345\r'))).failure).toEqual({ code: 'bad-password', source: 'new' })
  })

  test('the policy is the prompt’s alone: a program may use what it likes', async () => {
    expect(await findNewPassword(path, { ...alone, password: 'x' })).toBe('x')
    expect(await findNewPassword(path, { ...alone, env: { BT_WALLET_PASSWORD: 'y' } })).toBe('y')
  })

  test('weak and passable passwords', () => {
    for (const weak of ['', '12345', 'aaaaaaaaaaaa', '123456', 'ababab', '1111112']) {
      expect(weaknessOf(weak), weak).toBeDefined()
    }
    for (const passable of ['thisisafakepassword', 'Tr0ub4', 'correct horse', '98374650']) {
      expect(weaknessOf(passable), passable).toBeUndefined()
    }
  })
})
