import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from './runCommand.ts'

const vectors = 'test/vectors/yuma/yuma-vectors.json'

interface Case {
  name: string
  kind: string
  out?: Record<string, unknown>
  steps?: { out?: Record<string, unknown> }[]
}

interface VectorFile {
  format: string
  cases: Case[]
}

/** The project's vectors, changed, in a file of their own. */
function changed(change: (file: VectorFile) => void): string {
  const file = JSON.parse(readFileSync(vectors, 'utf8')) as VectorFile
  change(file)
  const folder = mkdtempSync(join(tmpdir(), 'faculty-epoch-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'vectors.json')
  writeFileSync(path, JSON.stringify(file))
  return path
}

test('every epoch and sequence of the vectors is run and equal', async () => {
  const { code, out } = await run('epoch', ['--input', vectors])
  expect(code).toBe(0)
  expect(out).toMatch(/\d+ cases run, \d+ of other kinds not run: all outputs that the file states are equal\n$/)
  expect(out).toContain('validator_trust')
  const { code: again, json } = await run('epoch', ['-i', vectors, '--json'])
  const report = json() as { equal: boolean; run: number; cases: { kind: string; out?: object }[] }
  expect([again, report.equal]).toEqual([0, true])
  const epochs = report.cases.filter(({ kind }) => kind === 'epoch')
  expect(epochs.length).toBeGreaterThan(5)
  for (const { out: outputs } of epochs) expect(outputs).toHaveProperty('server_emission')
})

test("a file's names move no cursor", async () => {
  const path = changed((file) => {
    file.cases = file.cases.filter(({ kind }) => kind === 'epoch').slice(0, 1)
    file.cases[0]!.name = 'quiet\u001b]0;title\u0007'
  })
  const { out } = await run('epoch', ['--input', path])
  expect(out).toContain('quiet')
  expect(out).not.toMatch(/(?!\n)\p{Cc}/u)
})

test('one wrong number in the file is found, named and reported by the exit code', async () => {
  const path = changed(({ cases }) => {
    const first = cases.find(({ kind, out }) => kind === 'epoch' && Array.isArray(out?.dividends))!
    const dividends = first.out!.dividends as number[]
    dividends[0] = dividends[0] === 0 ? 1 : 0
  })
  const { code, out } = await run('epoch', ['--input', path])
  expect(code).toBe(1)
  expect(out).toMatch(/: DIFFERENT\n/)
  expect(out).toMatch(/dividends\.0: the file states \d+, got \d+/)
  expect(out).toContain('1 differ')
})

test('a file that states nothing is run all the same', async () => {
  const path = changed((file) => {
    file.cases = file.cases.filter(({ kind }) => kind === 'epoch').slice(0, 1)
    delete file.cases[0]!.out
  })
  const { code, out } = await run('epoch', ['--input', path])
  expect(code).toBe(0)
  expect(out).toContain('1 cases run: the file states no outputs to compare with')
})

test('a file that cannot be used is named with its field', async () => {
  await expect(run('epoch', [])).rejects.toThrow('--input is missing')
  await expect(run('epoch', ['--input', '/nowhere.json'])).rejects.toThrow('/nowhere.json')
  const other = changed((file) => {
    file.format = 'yuma-vectors/9'
  })
  await expect(run('epoch', ['--input', other])).rejects.toMatchObject({ failure: { field: 'format' } })
  const wrong = changed((file) => {
    const first = file.cases.find(({ kind }) => kind === 'epoch') as Case & { in: { kappa: unknown } }
    first.in.kappa = 'half'
  })
  await expect(run('epoch', ['--input', wrong])).rejects.toThrow(/kappa: "half"/)
})
