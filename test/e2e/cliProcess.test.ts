import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** The command line in a process of its own, from source, with nothing on its standard input. */
function faculty(...argv: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', ...argv],
      { timeout: 25_000 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
    child.stdin!.end()
  })
}

test('the version, and a group of commands', async () => {
  const [version, group, help] = await Promise.all([
    faculty('--version'),
    faculty('subnet', '--help'),
    faculty('help', 'wallet', 'list'),
  ])
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining('faculty wallet list [flags]') })
  expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^faculty \d+\.\d+\.\d+\n$/) })
  expect(group).toMatchObject({ code: 0, out: expect.stringContaining('faculty subnet metagraph') })
  expect(group.out).not.toContain('faculty wallet')
})

test('what was typed wrong is named with its mend, and ends with code 2', async () => {
  const [word, extra, json, flag] = await Promise.all([
    faculty('walet', 'list'),
    faculty('subnet', 'list', 'all'),
    faculty('wallet', 'sign', '--wallet.name', 'a/b', '--message', 'x', '--json'),
    faculty('--network', 'finney', 'wallet', 'list'),
  ])
  expect(word).toMatchObject({ code: 2, out: '', err: expect.stringContaining('did you mean faculty wallet list?') })
  expect(extra).toMatchObject({ code: 2, err: expect.stringContaining('"all" cannot be used') })
  expect(flag).toMatchObject({ code: 2, out: '', err: expect.stringContaining('name the command first') })
  expect(json.code).toBe(2)
  expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'bad-name', name: 'a/b' } })
})

test('a chain that is not there is said at once, and ends with code 1', async () => {
  const { code, err } = await faculty('subnet', 'list', '--subtensor.chain_endpoint', 'ws://127.0.0.1:1')
  expect(code).toBe(1)
  expect(err).toContain('no chain answers: ws://127.0.0.1:1: connect ECONNREFUSED')
  expect(err).toContain('faculty localnet')
})

test('Ctrl-C ends a question that waits for its answer, with code 130', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      'src/cli/main.ts',
      'ask',
      'x',
      '-d',
      'law',
      '--gateway',
      gateway,
    ])
    const ended = once(child, 'exit')
    await once(server, 'request')
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
