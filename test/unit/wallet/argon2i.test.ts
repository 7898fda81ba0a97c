import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { argon2i as oracle } from '@noble/hashes/argon2.js'
import { expect, onTestFinished, test } from 'vitest'
import { argon2i } from '../../../src/wallet/argon2i.ts'
import { printedForms } from '../keys/leaks.ts'
import { walletErrorOf } from './scratch.ts'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const salt = new Uint8Array(16).fill(3)
const cheap = { passes: 3, memoryBytes: 64 * 1024 }
const expected = Buffer.from(oracle('pässword', salt, { t: 3, m: 64, p: 1, dkLen: 32, version: 0x13 })).toString('hex')

test('the same key as @noble/hashes', async () => {
  expect(Buffer.from(await argon2i('pässword', salt, cheap)).toString('hex')).toBe(expected)
})

test('impossible costs end in a typed error without the password', async () => {
  const error = await walletErrorOf(argon2i('sesamopen', salt, { passes: 8, memoryBytes: 2 ** 45 }))
  expect(error.failure).toEqual({ code: 'key-derivation' })
  expect(printedForms(error)).not.toContain('sesamopen')
})

/** A program that prints the key, with the import path of the function under test. */
const program = (from: string): string => `
import { argon2i } from ${JSON.stringify(from)}
const key = await argon2i('pässword', new Uint8Array(16).fill(3), ${JSON.stringify(cheap)})
console.log(Buffer.from(key).toString('hex'))`

// Inside the package, so that its dependencies resolve as they do for dist.
function workplace(name: string): string {
  const folder = join(root, 'node_modules', `.faculty-test-${process.pid}-${name}`)
  mkdirSync(folder, { recursive: true })
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('the worker runs from source, under tsx', async () => {
  const folder = workplace('source')
  writeFileSync(join(folder, 'main.mts'), program(join(root, 'src/wallet/argon2i.ts')))
  const { stdout } = await execute(process.execPath, ['--import', 'tsx', join(folder, 'main.mts')], { cwd: root })
  expect(stdout.trim()).toBe(expected)
})

test('the worker runs compiled, under plain node', async () => {
  const folder = workplace('dist')
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const flags = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node', '--skipLibCheck', '--strict']
  const imports = ['--allowImportingTsExtensions', '--rewriteRelativeImportExtensions', '--ignoreConfig']
  const output = ['--rootDir', join(root, 'src'), '--outDir', folder]
  const entry = join(root, 'src/wallet/argon2i.ts')
  await execute(process.execPath, [compiler, ...flags, ...imports, ...output, entry], { cwd: root })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'main.js'), program('./wallet/argon2i.js'))
  const { stdout } = await execute(process.execPath, [join(folder, 'main.js')], { cwd: '/' })
  expect(stdout.trim()).toBe(expected)
})
