import { join } from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { builtInDomains, loadMiner } from '../../domain/load.ts'
import { type Check, needed, ok } from './check.ts'

/** The models that ship with the package: their folders are whole, and this is what their files hash to. */
export async function checkModels(): Promise<Check[]> {
  // The tokenizers are slow to load, and this file is loaded with the command's summary.
  const { modelFingerprint } = await import('../../engine/modelFingerprint.ts')
  const { readModelFolder } = await import('../../engine/modelFolder.ts')
  const checks: Check[] = []
  for (const domain of builtInDomains) {
    const name = `models for ${domain}`
    try {
      const { manifest, folder } = await loadMiner(domain)
      const found: string[] = []
      for (const [model, source] of Object.entries(manifest.models)) {
        if (!('folder' in source)) continue
        const path = join(folder, source.folder)
        await readModelFolder(path)
        found.push(`${model} ${(await modelFingerprint(path)).slice(0, 16)}`)
      }
      checks.push(ok(name, found.join(', ')))
    } catch (error) {
      checks.push(
        needed(name, messageOf(error), 'install the package again; in a clone: git checkout miners, npm run build'),
      )
    }
  }
  return checks
}
