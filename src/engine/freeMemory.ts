import { readFileSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import type { DeviceName } from './deviceNames.ts'
import { deviceNumber, providerOf } from './deviceNames.ts'
import { gpuOfNumber, listGpus } from './gpus.ts'

/**
 * Bytes that can still be had where a device keeps a model.
 *
 * @returns undefined where it cannot be told: WebGPU has no question for it, and a driver may not answer
 */
export async function freeMemory(device: DeviceName): Promise<number | undefined> {
  switch (providerOf(device)) {
    case 'cpu':
      return freeMainMemory()
    case 'webgpu':
      return undefined
    case 'cuda':
      try {
        return gpuOfNumber(await listGpus(), deviceNumber(device), process.env.CUDA_VISIBLE_DEVICES)?.freeBytes
      } catch {
        // The session that is opened next says what is wrong with the GPU, better than this tool of its driver's.
        return undefined
      }
  }
}

/**
 * The machine's, or what a container's limit leaves of it. macOS counts what it would give up at once as used, so there it is
 * all of the machine's: what is refused then does surely not fit.
 */
export function freeMainMemory(): number {
  const machineBytes = process.platform === 'darwin' ? totalmem() : freemem()
  return Math.min(machineBytes, cgroupMemory()?.freeBytes ?? Number.POSITIVE_INFINITY)
}

export interface CgroupMemory {
  readonly limitBytes: number
  /** The limit less what is in use; the page cache that can be dropped is not. */
  readonly freeBytes: number
}

type Read = (path: string) => string | undefined

/**
 * The tightest limit on this process's memory by a control group of Linux, version 2 or 1.
 *
 * @returns undefined where there is none
 */
export function cgroupMemory(read: Read = readOptional): CgroupMemory | undefined {
  const lines = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'))
  const version2 = lines.find(([, controllers]) => controllers === '')
  const version1 = lines.find(([, controllers]) => controllers?.split(',').includes('memory'))
  const groups = [
    ...foldersUp('/sys/fs/cgroup', version2?.[2]).map((folder) =>
      limitIn(read, folder, { limit: 'memory.max', used: 'memory.current', cache: 'inactive_file' }),
    ),
    ...foldersUp('/sys/fs/cgroup/memory', version1?.[2]).map((folder) =>
      limitIn(read, folder, {
        limit: 'memory.limit_in_bytes',
        used: 'memory.usage_in_bytes',
        cache: 'total_inactive_file',
      }),
    ),
  ].filter((group) => group !== undefined)
  return groups.sort((a, b) => a.freeBytes - b.freeBytes)[0]
}

/** A group and those around it, each of which may have a limit; inside a container the path may be none of its own tree. */
function foldersUp(root: string, path: string | undefined): string[] {
  if (path === undefined) return []
  const parts = path.split('/').filter((part) => part !== '' && part !== '..')
  return Array.from({ length: parts.length + 1 }, (_, depth) => join(root, ...parts.slice(0, depth)))
}

interface GroupFiles {
  readonly limit: string
  readonly used: string
  /** Line of `memory.stat`. */
  readonly cache: string
}

function limitIn(read: Read, folder: string, files: GroupFiles): CgroupMemory | undefined {
  const limit = numberIn(read(join(folder, files.limit)))
  // Version 1 writes no limit as the largest number of pages.
  if (limit === undefined || limit > 2 ** 60) return undefined
  const used = numberIn(read(join(folder, files.used))) ?? 0
  const stat = read(join(folder, 'memory.stat')) ?? ''
  const cache = numberIn(new RegExp(`^${files.cache} (\\d+)$`, 'm').exec(stat)?.[1]) ?? 0
  return { limitBytes: limit, freeBytes: Math.max(0, limit - used + Math.min(cache, used)) }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+\s*$/.test(text) ? Number(text) : undefined
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Not Linux, no such group, or not for our eyes: no limit that could be known.
    return undefined
  }
}
