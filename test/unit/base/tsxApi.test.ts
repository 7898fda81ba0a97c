import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { tsxApi } from '../../../src/base/tsxApi.ts'

it('imports TypeScript in a plain Node, and says where tsx is not installed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faculty-tsx-'))
  try {
    const file = join(folder, 'miner.mts')
    await writeFile(file, 'const domains: string[] = ["law"]\nexport default { domains }\n')
    const own = pathToFileURL(file).href
    const program = `import { tsImport } from '${tsxApi(import.meta.filename)}'
      console.log(JSON.stringify((await tsImport('${own}', '${own}')).default))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
    expect(JSON.parse(stdout)).toEqual({ domains: ['law'] })
    expect(tsxApi(file)).toBe(undefined)
  } finally {
    await rm(folder, { recursive: true })
  }
})
