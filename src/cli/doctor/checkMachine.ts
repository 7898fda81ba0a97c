import { constants, readFileSync } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { z } from 'zod'
import { messageOf } from '../../base/errors.ts'
import { packagePath } from '../../base/packagePath.ts'
import { parseJson } from '../../base/parse.ts'
import { cgroupMemory, freeMainMemory } from '../../engine/freeMemory.ts'
import { gigabytes } from '../../engine/memoryEstimate.ts'
import { type Check, needed, ok, warning } from './check.ts'

/** `faculty up` was seen to take 1.8 GB at most (docs/measurements.md). */
const memory = { leastBytes: 1.8e9, goodBytes: 4e9 }
/** Wallets, logs and databases of a short run are some megabytes; a night's are more. */
const disk = { leastBytes: 0.2e9, goodBytes: 2e9 }
/** The second is what an axon with its default limits may hold. */
const openFiles = { least: 256, good: 4_096 }

export async function checkMachine(): Promise<Check[]> {
  return [nodeCheck(), cpuCheck(), memoryCheck(), await diskCheck(), ...openFilesCheck()]
}

const packageSchema = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+\.\d+$/) }) })

/** @param running as in `process.versions.node` */
export function nodeCheck(running: string = process.versions.node): Check {
  const file = packagePath('package.json')
  const wanted = parseJson(packageSchema, readFileSync(file, 'utf8'), file).engines.node.slice('>='.length)
  const [have, least] = [running, wanted].map((version) => version.split('.').map(Number))
  const place = [0, 1, 2].find((i) => have![i] !== least![i]) ?? 2
  return have![place]! >= least![place]!
    ? ok('Node', running)
    : needed(
        'Node',
        running,
        `install Node ${wanted} or later, from nodejs.org or with a version manager: nvm install 22`,
      )
}

/** Extensions that onnxruntime's kernels use, by the names of /proc/cpuinfo, best last. */
const extensions = ['avx', 'avx2', 'f16c', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'asimddp', 'i8mm', 'sve']

function cpuCheck(): Check {
  const cores = availableParallelism()
  const flags = cpuFlags()
  const shown = extensions.filter((name) => flags.includes(name))
  const model = cpus()[0]?.model.trim() ?? process.arch
  const found = [`${cores} cores`, model, ...(shown.length > 0 ? [shown.join(' ')] : [])].join(', ')
  if (cores < 2)
    return warning('CPU', found, 'give the machine or container two cores or more; faculty up runs 13 processes')
  if (process.arch === 'x64' && flags.length > 0 && !flags.includes('avx2')) {
    return warning('CPU', `${found}: no avx2`, 'models run several times slower; use a machine with avx2 to serve')
  }
  return ok('CPU', found)
}

function cpuFlags(): string[] {
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))
    return line === null ? [] : line[1]!.trim().split(/\s+/)
  } catch {
    // Not Linux: the extensions cannot be told, which is no fault of the machine.
    return []
  }
}

function memoryCheck(): Check {
  const group = cgroupMemory()
  const free = freeMainMemory()
  const limit = group === undefined ? '' : `, limited to ${gigabytes(group.limitBytes)} by a control group`
  const found = `${gigabytes(free)} free of ${gigabytes(totalmem())}${limit}`
  const mend = 'close other programs, or raise the limit of the container (docker run --memory 4g)'
  if (free < memory.leastBytes) return needed('memory', found, mend)
  return free < memory.goodBytes ? warning('memory', found, mend) : ok('memory', found)
}

/** Where temporary files are kept: `faculty up` keeps its databases there. */
async function diskCheck(): Promise<Check> {
  const folder = tmpdir()
  const mend = 'free some, or name another folder: TMPDIR=/path'
  let free: number
  try {
    await access(folder, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(folder)
    free = bavail * bsize
  } catch (error) {
    return needed('disk', `${folder} cannot be written: ${messageOf(error)}`, 'name another folder: TMPDIR=/path')
  }
  const found = `${gigabytes(free)} free in ${folder}`
  if (free < disk.leastBytes) return needed('disk', found, mend)
  return free < disk.goodBytes ? warning('disk', found, mend) : ok('disk', found)
}

/** Node raises its own limit as far as it may, so that is the one in force. Nothing where the system does not tell. */
function openFilesCheck(): Check[] {
  let limits: string
  try {
    limits = readFileSync('/proc/self/limits', 'utf8')
  } catch {
    // Not Linux.
    return []
  }
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1]
  if (soft === undefined || soft === 'unlimited') return [ok('open files', 'no limit')]
  const mend = 'ulimit -n 65536, or LimitNOFILE=65536 in a systemd unit: a busy axon holds thousands of sockets'
  const count = Number(soft)
  if (count < openFiles.least) return [needed('open files', soft, mend)]
  return [count < openFiles.good ? warning('open files', soft, mend) : ok('open files', `up to ${soft}`)]
}
