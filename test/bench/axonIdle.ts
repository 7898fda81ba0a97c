import { WebSocket } from 'ws'
import { connect } from '../../src/dendrite/connect.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { type BenchServer, genesis, type Memory, netuid, startServer } from './axonServer.ts'
import type { BenchCase } from './harness.ts'

const count = 1_000
const atOnce = 16
/** KiB a session beyond what TLS and WebSocket take by themselves. */
const target = 60

/** What the server's process holds for each of 1,000 idle sessions, against 1,000 idle WebSockets over the same TLS. */
export async function idleMemory(): Promise<BenchCase[]> {
  const signer = localSigner(await pairFromUri('//Bob'))
  const axon = await startServer({ kind: 'axon', limits: { maxSessionsPerHotkey: count, maxSessions: count } })
  const session = await perConnection(axon, async ({ port, publicKey, hotkey }) => {
    const opened = await connect({ host: '127.0.0.1', port, publicKey, hotkey, genesis, netuid, signer })
    return () => opened.close()
  })
  const wss = await startServer({ kind: 'wss' })
  const bare = await perConnection(wss, async ({ port }) => {
    const ws = new WebSocket(`wss://127.0.0.1:${port}`, { rejectUnauthorized: false, perMessageDeflate: false })
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
    return () => ws.terminate()
  })
  const row = (what: string, of: 'heapBytes' | 'rssBytes', goal: number | null): BenchCase => {
    const [value, bound] = [session[of] / 1_024, bare[of] / 1_024]
    const beyond = value - bound
    return {
      case: what,
      value: beyond,
      unit: 'KiB',
      bound: goal,
      ratio: goal === null ? null : beyond / goal,
      target: goal === null ? null : 1,
      ok: goal === null || beyond <= goal,
    }
  }
  const plain = (what: string, bytes: number): BenchCase => ({
    case: what,
    value: bytes / 1_024,
    unit: 'KiB',
    bound: null,
    ratio: null,
    target: null,
    ok: true,
  })
  return [
    row('an idle session beyond TLS and WebSocket, whole process; bound: 60 KiB', 'rssBytes', target),
    row('  of it JavaScript’s heap', 'heapBytes', null),
    plain('  TLS and WebSocket by themselves, whole process', bare.rssBytes),
  ]
}

/** Growth of the server for each connection that is open. */
async function perConnection(server: BenchServer, open: (server: BenchServer) => Promise<() => void>): Promise<Memory> {
  // A few that come and go: what is loaded or made once is not counted.
  for (let i = 0; i < 50; i++) (await open(server))()
  const before = await settledMemory(server)
  const closers: (() => void)[] = []
  let left = count
  const loop = async (): Promise<void> => {
    while (left-- > 0) closers.push(await open(server))
  }
  await Promise.all(Array.from({ length: atOnce }, loop))
  const after = await settledMemory(server)
  for (const close of closers) close()
  await server.close()
  return {
    heapBytes: (after.heapBytes - before.heapBytes) / count,
    rssBytes: (after.rssBytes - before.rssBytes) / count,
  }
}

async function settledMemory(server: BenchServer): Promise<Memory> {
  await new Promise((resolve) => setTimeout(resolve, 500))
  return await server.memory()
}
