import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { RpcClient } from '../unit/localnet/rpcClient.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'localnet-kill-'))
const kills = 4
let running: ChildProcess | undefined

afterAll(() => {
  running?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** `faculty localnet` on the directory, with blocks as fast as they come. @returns its endpoint */
async function start(): Promise<string> {
  const flags = ['localnet', '--port', '0', '--interval', '1ms', '--data-dir', folder, '--json']
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  running = child
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return (JSON.parse(line) as { endpoint: string }).endpoint
}

test('no block that a client saw is lost, at whatever instant the process is killed', async () => {
  const seen = new Map<number, string>()
  let last = 0
  for (let round = 0; round <= kills; round++) {
    const client = await RpcClient.connect(await start())
    for (const [number, hash] of seen) expect(await client.call('chain_getBlockHash', [number])).toBe(hash)
    const head = (await client.call('chain_getHeader')) as { number: string }
    expect(Number(head.number)).toBeGreaterThanOrEqual(last)
    await client.call('chain_subscribeFinalizedHeads')
    const wanted = 20 + round * 7
    const isFinal = ({ method }: { method: string }): boolean => method === 'chain_finalizedHead'
    await client.until(() => client.notifications.filter(isFinal).length >= wanted)
    // Mid-stride: between any two steps of a block's making.
    await new Promise((resolve) => setTimeout(resolve, round * 3))
    const ended = once(running!, 'exit')
    running!.kill('SIGKILL')
    await ended
    for (const { result } of client.notifications.filter(isFinal)) {
      const { number, parentHash } = result as { number: string; parentHash: string }
      last = Math.max(last, Number(number))
      seen.set(Number(number) - 1, parentHash)
    }
    client.close()
  }
  expect(seen.size).toBeGreaterThan(100)
}, 60_000)
