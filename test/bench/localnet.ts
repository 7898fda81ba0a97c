import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { packagePath } from '../../src/base/packagePath.ts'
import { type BenchResult, median } from './harness.ts'
import { chainCases } from './localnetChain.ts'
import type { Round } from './localnetClient.ts'

const starts = 5
const targetSeconds = 1
const rounds = 4
const pollMs = 10

const comparison = { bound: null, ratio: null, target: null, ok: true } as const

/** A program that listens on a port and answers any request: what node itself takes to get there. */
const bareServer = `require('node:http').createServer((_, r) => r.end('{}')).listen(Number(process.argv[1]), '127.0.0.1')`

/** The localnet as its users run it, a compiled process of its own; clients are processes of their own as well. */
export async function bench(options: { main?: string } = {}): Promise<BenchResult> {
  const main = options.main ?? builtProgram()
  const [localnet, bare]: [number[], number[]] = [[], []]
  for (let i = 0; i < starts; i++) {
    localnet.push(await startSeconds((port) => [main, 'localnet', '--port', String(port), '--interval', '250ms']))
    bare.push(await startSeconds((port) => ['-e', bareServer, String(port)]))
  }
  const transfers = await transferRounds(main)
  const ratio = median(
    transfers.map(({ transfersPerSecond, verifiesPerSecond }) => transfersPerSecond / verifiesPerSecond),
  )
  const start = median(localnet)
  return {
    name: 'localnet',
    cases: [
      {
        case: 'process start to first answered RPC',
        value: start,
        unit: 's',
        bound: null,
        ratio: null,
        target: targetSeconds,
        ok: start <= targetSeconds,
      },
      { case: 'the same for a bare node HTTP server', value: median(bare), unit: 's', ...comparison },
      {
        case: 'transfers submitted and included; bound: sr25519Verify, one thread',
        value: median(transfers.map(({ transfersPerSecond }) => transfersPerSecond)),
        unit: '1/s',
        bound: median(transfers.map(({ verifiesPerSecond }) => verifiesPerSecond)),
        ratio,
        target: 0.5,
        ok: ratio >= 0.5,
      },
      ...(await chainCases()),
    ],
  }
}

/** Compiles the program where that has to be done. @returns its path */
function builtProgram(): string {
  const { status } = spawnSync(process.execPath, [packagePath('test', 'build.mjs')], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed; see the errors above')
  return packagePath('dist', 'src', 'cli', 'main.js')
}

async function startSeconds(argumentsFor: (port: number) => string[]): Promise<number> {
  const port = await freePort()
  const startMs = performance.now()
  const child = spawn(process.execPath, argumentsFor(port), { stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    await answers(child, port)
    return (performance.now() - startMs) / 1_000
  } finally {
    await end(child)
  }
}

/** Resolves when a JSON-RPC request is answered. @throws where the process ends first */
async function answers(child: ChildProcess, port: number): Promise<void> {
  const body = '{"jsonrpc":"2.0","id":1,"method":"system_chain","params":[]}'
  while (child.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body }).catch(() => undefined)
    if (response?.ok === true && (await response.text()) !== '') return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new Error(`the server ended with ${child.exitCode} before it answered`)
}

async function transferRounds(main: string): Promise<Round[]> {
  const port = await freePort()
  const node = spawn(process.execPath, [main, 'localnet', '--port', String(port), '--interval', '250ms'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const program = fileURLToPath(new URL('localnetClient.ts', import.meta.url))
  const client = fork(program, [`ws://127.0.0.1:${port}`, String(rounds)], { execArgv: ['--import', 'tsx'] })
  try {
    await answers(node, port)
    client.send('go')
    const [measured] = (await Promise.race([
      once(client, 'message'),
      once(client, 'exit').then(([code]) => Promise.reject(new Error(`the client ended with ${code}`))),
    ])) as [Round[]]
    return measured
  } finally {
    await end(client)
    await end(node)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
