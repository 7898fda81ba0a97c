import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { post } from '../unit/localnet/rpcClient.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const running: ChildProcess[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/** `faculty localnet` as a process of its own. */
function run(...flags: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'localnet', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  return {
    child,
    lines,
    exit,
    errors: () => errors,
    /** Resolves with the first line that matches. @throws where the process ends before */
    line: (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((one) => pattern.test(one))
          if (found !== undefined) resolve(found)
        }
        waiting.add(look)
        look()
        void exit.then((code) => reject(new Error(`ended with ${code}: ${errors}`)))
      }),
  }
}

test('with --json it prints one object once it answers, serves until SIGTERM, then ends with 0', async () => {
  const { child, lines, line, exit } = run('--port', '0', '--json')
  const summary = JSON.parse(await line(/^\{/))
  expect(summary).toEqual({
    endpoint: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+$/),
    specName: 'node-subtensor',
    specVersion: 430,
    genesisHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    chain: 'Bittensor',
  })
  const { body } = await post(summary.endpoint, '{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[0]}')
  expect(body).toMatchObject({ result: summary.genesisHash })
  const taken = run('--port', new URL(summary.endpoint).port)
  expect(await taken.exit).toBe(2)
  expect(taken.errors()).toMatch(/port: \d+ cannot be used \(another program listens there/)
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(lines).toHaveLength(1)
})

test('for people and harnesses it says what it is, where it listens, and when block 1 is there', async () => {
  const { child, line, lines, exit } = run('--port', '0', '--block-time', '12s', '--keep-blocks', '100')
  const endpoint = (await line(/^Listening on /)).slice('Listening on '.length)
  expect(lines[0]).toMatch(/^Faculty localnet \S+-spec430: node-subtensor 430, normal build, block interval 12s$/)
  const mined = await post(endpoint, '{"jsonrpc":"2.0","id":1,"method":"localnet_mine","params":[1]}')
  expect(mined.body).toMatchObject({ result: { number: 1 } })
  expect(await line(/Imported #1 /)).toMatch(/^Imported #1 \(0x[0-9a-f]{64}\)$/)
  child.kill('SIGINT')
  expect(await exit).toBe(0)
})

test("takes the words of the real node's script, and the port is free as soon as it ends", async () => {
  const first = run('--spec', '393', '--port', '0', 'True', '--no-purge')
  const endpoint = (await first.line(/^Listening on /)).slice('Listening on '.length)
  expect(first.lines[0]).toMatch(/^Faculty localnet \S+-spec393: node-subtensor 393, fast build, block interval 250ms$/)
  expect(await first.line(/Imported #1 /)).toMatch(/^Imported #1 /)
  const version = await post(endpoint, '{"jsonrpc":"2.0","id":1,"method":"system_version","params":[]}')
  expect(version.body).toMatchObject({ result: expect.stringMatching(/-spec393$/) })
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  const second = run('--spec', '424', '--port', new URL(endpoint).port, 'False')
  await second.line(/^Listening on /)
  expect(second.lines[0]).toMatch(/-spec424: node-subtensor 424, normal build, block interval 12s$/)
  second.child.kill('SIGTERM')
  expect(await second.exit).toBe(0)
})

test('flags that cannot be used are named', async () => {
  const [interval, build] = [run('--interval', 'soon'), run('--build', 'slow')]
  const [spec, word] = [run('--spec', '400'), run('Maybe')]
  expect([await interval.exit, await build.exit, await spec.exit, await word.exit]).toEqual([2, 2, 2, 2])
  expect(spec.errors()).toContain('give 393, 424 or 430')
  expect(word.errors()).toContain('give True for fast blocks, False for 12 s, or neither')
  expect(interval.errors()).toContain('interval: "soon" cannot be used (give a time such as 250ms')
  expect(build.errors()).toContain('give fast or normal')
})
