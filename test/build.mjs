// Compiles src, miners and validators into dist. `npm start`, `npm pack` and the tests of the packed package use it.
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// What was deleted in src must not live on in dist.
rmSync(`${root}dist`, { recursive: true, force: true })
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)
chmodSync(`${root}dist/src/cli/main.js`, 0o755)
