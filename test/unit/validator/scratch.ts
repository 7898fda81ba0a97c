import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import type { Log } from '../../../src/base/log.ts'

/** A folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-validator-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Line {
  readonly level: number
  readonly msg: string
  readonly [field: string]: unknown
}

/** A log whose lines can be read back. */
export function memoryLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = []
  const log = pino({ level: 'trace' }, { write: (text: string) => void lines.push(JSON.parse(text) as Line) })
  return { log, lines }
}

export const identity = {
  genesis: `0x${'11'.repeat(32)}`,
  netuid: 1,
  hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
}
