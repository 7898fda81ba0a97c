// Packs this package, installs the tarball in an empty folder elsewhere and uses it there, as a stranger would.
//
//   node test/packCheck.mjs [--quick]     --quick: without `faculty up`
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const isQuick = process.argv.includes('--quick')
const scratch = mkdtempSync(join(tmpdir(), 'faculty-pack-'))
/** The one source file that an installation needs, since it runs before there is anything else. */
const preinstall = 'src/cli/preinstall.mjs'
const maxPackedBytes = 30 * 2 ** 20

try {
  const [packed] = JSON.parse(run('npm pack', 'npm', ['pack', '--json', '--pack-destination', scratch], root).stdout)
  const tarball = join(scratch, packed.filename)
  console.log(`pack: ${packed.filename}, ${megabytes(packed.size)}, ${megabytes(packed.unpackedSize)} unpacked`)
  need(packed.size < maxPackedBytes, `the tarball has ${packed.size} bytes, expected under ${maxPackedBytes}`)
  const strays = packed.files
    .map(({ path }) => path)
    .filter((path) => /^(test|src|miners\/training)\/|\.py$/.test(path) && path !== preinstall)
  need(strays.length === 0, `the tarball holds ${strays.slice(0, 5).join(', ')}`)

  await checkNamedFailure(tarball)
  const folder = emptyFolder('user')
  install(folder, tarball, { ONNXRUNTIME_NODE_INSTALL: 'skip' })
  const faculty = (...args) => run(`faculty ${args.join(' ')}`, 'npx', ['--no-install', 'faculty', ...args], folder)
  need(faculty('--version').stdout.includes(packed.version), `faculty --version does not say ${packed.version}`)
  const tasks = faculty('tasks', 'generate', '--domain', 'law', '--count', '2', '--jsonl').stdout.trim().split('\n')
  need(
    tasks.length === 2 && tasks.every((line) => JSON.parse(line)),
    'tasks generate --count 2 does not print two tasks',
  )
  for (const name of [
    'faculty/defineMiner',
    'faculty/defineValidator',
    'faculty/localnet',
    'faculty/client',
    'faculty',
  ]) {
    run(`import ${name}`, process.execPath, ['--input-type=module', '-e', `await import('${name}')`], folder)
  }
  if (!isQuick) {
    const ports = ['--port', '0', '--gateway.port', '0', '--axon.port', '0']
    const { stdout } = faculty('up', '--epochs', '1', '--json', ...ports)
    const report = JSON.parse(stdout.trimEnd().split('\n').at(-1))
    need(
      report.epochs === 1 && report.answers.scored > 0,
      `faculty up scored nothing: ${JSON.stringify(report.answers)}`,
    )
    console.log(`pack: faculty up: ${report.answers.scored} answers scored, ${megabytes(report.peakPssBytes)} at most`)
  }
  console.log('pack: all that it must show holds')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** Without the variable and without NuGet in reach the install must fail by naming the mend. */
async function checkNamedFailure(tarball) {
  const isReached = await fetch('https://api.nuget.org/v3/index.json', { signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  )
  if (isReached || process.platform !== 'linux' || process.arch !== 'x64') {
    console.log('pack: NuGet is in reach or not needed here, so the failure without it is not tried')
    return
  }
  const { status, output } = install(emptyFolder('without'), tarball, {}, { mayFail: true })
  need(status !== 0 && output.includes('ONNXRUNTIME_NODE_INSTALL=skip npm install'), `no mend is named:\n${output}`)
  console.log('pack: without the variable and without NuGet the install names the mend')
}

function install(folder, tarball, env, options = {}) {
  return run('npm install', 'npm', ['install', '--no-audit', '--no-fund', tarball], folder, { env, ...options })
}

function emptyFolder(name) {
  const folder = join(scratch, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  need(readdirSync(folder).length === 1, `${folder} is not empty`)
  return folder
}

function run(what, program, args, cwd, { env = {}, mayFail = false } = {}) {
  const startMs = performance.now()
  const result = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...cleanEnvironment(), ...env },
    maxBuffer: 64 * 2 ** 20,
    timeout: 300_000,
  })
  const output = `${result.stdout}${result.stderr}`
  if (result.status !== 0 && !mayFail) throw new Error(`${what} ended with ${result.status}:\n${output.slice(-4_000)}`)
  console.log(`pack: ${what}: ${((performance.now() - startMs) / 1_000).toFixed(1)} s`)
  return { status: result.status, stdout: result.stdout, output }
}

/** What npm sets for this script would carry the repository's own .npmrc into the user's folder. */
function cleanEnvironment() {
  const entries = Object.entries(process.env)
  return Object.fromEntries(entries.filter(([name]) => !/^npm_|^ONNXRUNTIME|^INIT_CWD$|^NODE_OPTIONS$/.test(name)))
}

function need(holds, text) {
  if (!holds) throw new Error(text)
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`
}
