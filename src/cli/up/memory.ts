import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Memory of processes together, in bytes. On Linux the proportional set size, which counts a shared page once over all
 * that share it; elsewhere the resident set, which counts it in each. A process that is gone counts nothing.
 */
export async function memoryOf(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map(process.platform === 'linux' ? pssOf : rssOf))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(gone)
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0)
}

async function rssOf(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: '0' }))
  return 1024 * Number(stdout.trim())
}

/** A process may end between being listed and being read. */
function gone(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ESRCH' || error.code === 'EACCES') return ''
  throw error
}
