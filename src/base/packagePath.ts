import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Absolute path of a file that ships with the package (`miners/law/expert`, `chain-spec/localnet.json`), whether this
 * module runs from `src` or from `dist/src`.
 */
export function packagePath(...parts: string[]): string {
  return join(packageRoot(), ...parts)
}

let found: string | undefined

function packageRoot(): string {
  if (found !== undefined) return found
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('packagePath: no package.json above the installed files')
    folder = parent
  }
  found = folder
  return folder
}
