import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** An NVIDIA GPU as its driver tells of it. */
export interface Gpu {
  /** As `nvidia-smi` counts: by place on the bus. */
  readonly index: number
  readonly name: string
  readonly totalBytes: number
  readonly freeBytes: number
  readonly driver: string
}

const mebibyte = 1024 * 1024
const fields = 'index,name,memory.total,memory.free,driver_version'

/**
 * The NVIDIA GPUs of this machine.
 *
 * @returns none where there is no driver
 * @throws Error with what `nvidia-smi` says where the driver does not work
 */
export async function listGpus(): Promise<Gpu[]> {
  let text: string
  try {
    const args = [`--query-gpu=${fields}`, '--format=csv,noheader,nounits']
    text = (await execute('nvidia-smi', args, { timeout: 10_000 })).stdout
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : ''
    throw new Error(`nvidia-smi fails: ${said === '' ? String(error) : said.split('\n')[0]}`, { cause: error })
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(gpuOf)
}

function gpuOf(line: string): Gpu {
  const cells = line.split(',').map((cell) => cell.trim())
  const [index, total, free] = [cells[0], cells.at(-3), cells.at(-2)].map(Number)
  if (cells.length < 5 || ![index, total, free].every(Number.isFinite)) {
    throw new Error(`nvidia-smi writes what is no GPU: ${line}`)
  }
  return {
    index: index!,
    // A name may hold a comma.
    name: cells.slice(1, -3).join(', '),
    totalBytes: total! * mebibyte,
    freeBytes: free! * mebibyte,
    driver: cells.at(-1)!,
  }
}

/**
 * The GPU that CUDA counts as `number`: `CUDA_VISIBLE_DEVICES` leaves some out and orders the rest. Both count alike only
 * under `CUDA_DEVICE_ORDER=PCI_BUS_ID` or with GPUs of one kind.
 *
 * @returns undefined where it cannot be told
 */
export function gpuOfNumber(gpus: readonly Gpu[], number: number, visible: string | undefined): Gpu | undefined {
  if (visible === undefined) return gpus.find(({ index }) => index === number)
  const index = visible.split(',')[number]?.trim()
  return index !== undefined && /^\d+$/.test(index) ? gpus.find((gpu) => gpu.index === Number(index)) : undefined
}
