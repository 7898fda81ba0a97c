import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../base/errors.ts'
import type { DeviceName } from '../../engine/deviceNames.ts'
import { firstLine } from '../../engine/firstLine.ts'
import { type Gpu, listGpus } from '../../engine/gpus.ts'
import { gigabytes } from '../../engine/memoryEstimate.ts'
import { type Check, needed, ok, optional, warning } from './check.ts'

const cudaMend = 'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js'
const seeDocs = 'see docs/gpu.md'

/** Libraries that onnxruntime's CUDA provider loads: CUDA 12 and cuDNN 9. */
const cudaLibraries = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcudnn.so.9',
  'libcufft.so.11',
  'libcurand.so.10',
]

/** onnxruntime and what it runs on. Each provider computes something small; being listed means nothing. */
export async function checkInference(): Promise<Check[]> {
  const cpu = await providerCheck('cpu')
  if (cpu.state !== 'ok') return [cpu]
  const gpus = await gpuCheck()
  const checks = [cpu, gpus.check]
  if (gpus.list.length > 0) checks.push(await cudaLibrariesCheck(), cudaProviderCheck())
  return [...checks, await providerCheck('cuda', gpus.list), await providerCheck('webgpu', gpus.list)]
}

async function providerCheck(device: DeviceName, gpus: readonly Gpu[] = []): Promise<Check> {
  const name = `onnxruntime on ${device}`
  try {
    const { probeDevice } = await import('../../engine/devices.ts')
    await probeDevice(device)
    return ok(name, 'computes')
  } catch (error) {
    const found = `not usable: ${firstLine(messageOf(error))}`
    if (device === 'cpu') {
      return needed(name, found, 'install the package again: ONNXRUNTIME_NODE_INSTALL=skip npm ci')
    }
    if (device === 'webgpu')
      return optional(name, found, `for another GPU than NVIDIA's: install its Vulkan driver, ${seeDocs}`)
    return gpus.length > 0
      ? warning(name, found, cudaMend)
      : optional(name, found, `only with an NVIDIA GPU; ${seeDocs}`)
  }
}

async function gpuCheck(): Promise<{ check: Check; list: readonly Gpu[] }> {
  try {
    const list = await listGpus()
    if (list.length === 0) {
      return { list, check: optional('NVIDIA GPU', 'no driver (nvidia-smi)', `models run on the CPU; ${seeDocs}`) }
    }
    const found = list.map(({ index, name, freeBytes, totalBytes }) => {
      return `${index}: ${name}, ${gigabytes(freeBytes)} free of ${gigabytes(totalBytes)}`
    })
    return { list, check: ok('NVIDIA GPU', `${found.join('; ')}; driver ${list[0]!.driver}`) }
  } catch (error) {
    const mend = 'install the driver again or restart: nvidia-smi must list the GPU'
    return { list: [], check: warning('NVIDIA GPU', messageOf(error), mend) }
  }
}

/** Which of the libraries the loader finds. */
async function cudaLibrariesCheck(): Promise<Check> {
  const known = await loaderCache()
  const folders = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== '')
  const absent = cudaLibraries.filter(
    (name) => !known.includes(name) && !folders.some((at) => existsSync(join(at, name))),
  )
  if (absent.length === 0) return ok('CUDA libraries', cudaLibraries.join(', '))
  const mend =
    'install CUDA 12 and cuDNN 9 (Debian: cuda-libraries-12-4 libcudnn9-cuda-12) and name their folder in LD_LIBRARY_PATH'
  return warning('CUDA libraries', `not found: ${absent.join(', ')}`, mend)
}

async function loaderCache(): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('ldconfig', ['-p'], { timeout: 10_000 })
    return stdout.split('\n').map((line) => line.trim().split(' ')[0]!)
  } catch {
    // Not Linux with glibc: the search path alone has to tell.
    return []
  }
}

/** The package ships without it: its installer fetches it when it is asked to. */
function cudaProviderCheck(): Check {
  const name = 'CUDA provider'
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  const folder = join(root, 'bin', 'napi-v6', process.platform, process.arch)
  const found = existsSync(folder) ? readdirSync(folder).filter((file) => file.includes('providers_cuda')) : []
  return found.length > 0 ? ok(name, found.join(', ')) : warning(name, `not in ${folder}`, cudaMend)
}
