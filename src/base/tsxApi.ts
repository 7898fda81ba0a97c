import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * URL of tsx's programming interface (`register`, `tsImport`) as an ES module, as seen from a file.
 *
 * `require.resolve('tsx/esm/api')` would give its CommonJS form, which in 4.23 looks for its loader in the wrong folder.
 *
 * @returns undefined where tsx is not installed
 */
export function tsxApi(from: string): string | undefined {
  let manifest: string
  try {
    manifest = createRequire(from).resolve('tsx/package.json')
  } catch {
    // The one thing that resolve says no to.
    return undefined
  }
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    exports: { './esm/api': { import: { default: string } } }
  }
  return pathToFileURL(join(dirname(manifest), exports['./esm/api'].import.default)).href
}
