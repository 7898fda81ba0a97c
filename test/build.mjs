// Compiles src, miners and validators into dist, unless dist is newer than all of them. `npm start`, `npm pack` and the
// tests that start the program use it.
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'dist', '.built')

export function build() {
  if (isFresh()) return
  // Built aside and moved into place: a program that runs from dist meanwhile never sees half of it, and what was deleted
  // in src does not live on.
  const aside = join(root, `dist.new-${process.pid}`)
  const old = join(root, `dist.old-${process.pid}`)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', aside], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) {
    rmSync(aside, { recursive: true, force: true })
    throw new Error('the build failed; see the errors above')
  }
  chmodSync(join(aside, 'src', 'cli', 'main.js'), 0o755)
  writeFileSync(join(aside, '.built'), '')
  try {
    renameSync(join(root, 'dist'), old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(aside, join(root, 'dist'))
  rmSync(old, { recursive: true, force: true })
}

function isFresh() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return false
  const sources = ['src', 'miners', 'validators'].flatMap((folder) => filesIn(join(root, folder)))
  const all = [...sources, ...['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((file) => join(root, file))]
  return all.every((file) => statSync(file).mtimeMs < built)
}

/** TypeScript files, and folders, whose time changes when a file in them is deleted. */
function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const wanted = entries.filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'))
  return wanted.map((entry) => join(entry.parentPath, entry.name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build()
