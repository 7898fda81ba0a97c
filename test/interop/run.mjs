// `npm run interop`: the Python SDKs and their command lines against the localnet. Makes one virtual environment for each
// generation (kept in .venv-interop-*), starts a localnet with the face that it wants, and runs the tests of
// test/interop. `npm run interop -- sdk11 -k stake` runs one of them, and hands the rest to pytest.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from '../build.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const suites = [
  { name: 'sdk10', title: 'bittensor 10.2.0', spec: '393' },
  { name: 'sdk11', title: 'bittensor 11.3.0', spec: '430' },
]
const readyMs = 30_000
const python = process.env.PYTHON ?? 'python3'

/** @returns the environment's folder, made anew where what it is to hold has changed */
function environment({ name }) {
  const folder = join(root, `.venv-interop-${name}`)
  const requirements = join(root, 'test', 'interop', name, 'requirements.txt')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const stamp = join(folder, '.installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  console.log(`${name}: installing what ${requirements} names, once`)
  rmSync(folder, { recursive: true, force: true })
  const made = spawnSync(python, ['-m', 'venv', folder], { stdio: 'inherit' })
  if (made.error !== undefined || made.status !== 0) {
    throw new Error(`${python} -m venv failed: install Python 3.10 to 3.13 with venv, or name another one in PYTHON`)
  }
  const pip = [join(folder, 'bin', 'python'), '-m', 'pip', '--disable-pip-version-check']
  const [command, ...rest] = [...pip, 'install', '--quiet', '--requirement', requirements]
  const installed = spawnSync(command, rest, { stdio: 'inherit' })
  if (installed.status !== 0) throw new Error(`${name}: pip could not install what ${requirements} names; see above`)
  writeFileSync(stamp, wanted)
  return folder
}

/** A localnet of its own on a free port. Resolves once it answers. */
async function startLocalnet({ spec }) {
  const main = join(root, 'dist', 'src', 'cli', 'main.js')
  const child = spawn(process.execPath, [main, 'localnet', '--spec', spec, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const summary = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the localnet did not answer within ${readyMs} ms`)), readyMs)
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer)
      resolve(JSON.parse(line))
    })
    child.once('exit', (code) => reject(new Error(`the localnet ended with ${code}; see above`)))
  })
  return {
    summary,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Runs one suite. @returns how many tests passed and failed */
async function run(suite, pytestArguments) {
  const folder = environment(suite)
  const localnet = await startLocalnet(suite)
  const scratch = mkdtempSync(join(tmpdir(), 'faculty-interop-'))
  const { endpoint, specVersion } = localnet.summary
  console.log(`${suite.name}: ${suite.title} against ${endpoint}, spec ${specVersion}`)
  try {
    const report = join(scratch, 'report.xml')
    const tests = spawn(
      join(folder, 'bin', 'python'),
      ['-m', 'pytest', '-q', '--junit-xml', report, '-p', 'no:cacheprovider', ...pytestArguments],
      {
        cwd: join(root, 'test', 'interop', suite.name),
        stdio: 'inherit',
        env: {
          ...process.env,
          PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
          FACULTY_ENDPOINT: endpoint,
          HOME: scratch,
          COLUMNS: '200',
          PYTHONDONTWRITEBYTECODE: '1',
        },
      },
    )
    const code = await new Promise((resolve) => tests.once('exit', resolve))
    return countOf(report, code)
  } finally {
    await localnet.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}

function countOf(report, code) {
  const text = existsSync(report) ? readFileSync(report, 'utf8') : ''
  const number = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0)
  const all = number('tests')
  const bad = number('failures') + number('errors')
  // A run that broke off, or found no tests, counts as a failure.
  const failed = all === 0 || (code !== 0 && bad === 0) ? bad + 1 : bad
  return { passed: all - bad - number('skipped'), failed }
}

const [first, ...others] = process.argv.slice(2)
const chosen = suites.filter(({ name }) => name === first)
const pytestArguments = chosen.length > 0 ? others : process.argv.slice(2)
build()
let [passed, failed] = [0, 0]
for (const suite of chosen.length > 0 ? chosen : suites) {
  const count = await run(suite, pytestArguments)
  console.log(`${suite.name}: ${count.passed} passed, ${count.failed} failed`)
  passed += count.passed
  failed += count.failed
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
