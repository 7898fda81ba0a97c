import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addGpuMemory, readGpuMemory } from '../../../src/base/gpuMemory.ts'
import { Metrics } from '../../../src/base/metrics.ts'
import { until } from '../miner/memoryChain.ts'

test('reads the lines that hold amounts', () => {
  expect(readGpuMemory('0, 1024, 81559\n1, [N/A], 81559\n\n')).toEqual([
    { index: '0', usedBytes: 2 ** 30, totalBytes: 81_559 * 2 ** 20 },
  ])
})

test.skipIf(process.platform === 'win32')('asks the tool, and has no figures where that fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-gpu-'))
  const command = join(folder, 'tool')
  const answerWith = (script: string): void => {
    writeFileSync(command, `#!/bin/sh\n${script}\n`)
    chmodSync(command, 0o755)
  }
  answerWith(`[ "$1" = --query-gpu=index,memory.used,memory.total ] && echo '0, 2, 4'`)
  const metrics = new Metrics()
  const end = addGpuMemory(metrics, { command, everyMs: 200 })
  try {
    await until(
      () => metrics.text().includes('faculty_gpu_memory_used_bytes{gpu="0"} 2097152\n'),
      'the figures are there',
    )
    answerWith('exit 9')
    await until(() => !metrics.text().includes('{gpu='), 'the figures are gone')
  } finally {
    end()
    rmSync(folder, { recursive: true })
  }
})
