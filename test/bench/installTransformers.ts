import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const version = '4.3.1'
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Installs transformers.js beside the project, once: half a gigabyte that only this comparison needs. It runs on the
 * project's own onnxruntime, so that both are measured on the same one.
 *
 * @returns the address of its entry, for `import`
 * @throws Error where npm cannot install it
 */
export function installTransformers(): string {
  const folder = join(root, '.bench', `transformers-${version}`)
  const packages = join(folder, 'node_modules')
  const done = join(folder, '.installed')
  if (!existsSync(done)) {
    process.stderr.write(`bench: installing @huggingface/transformers ${version} into ${folder}, once\n`)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@huggingface/transformers@${version}`]
    const installed = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    if (installed.status !== 0) throw new Error(`npm could not install @huggingface/transformers ${version}; see above`)
    const onnx = join(packages, 'onnxruntime-node')
    rmSync(onnx, { recursive: true, force: true })
    symlinkSync(join(root, 'node_modules', 'onnxruntime-node'), onnx)
    writeFileSync(done, '')
  }
  return pathToFileURL(createRequire(join(folder, 'package.json')).resolve('@huggingface/transformers')).href
}
