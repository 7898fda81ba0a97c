import { connect as connectTls } from 'node:tls'
import { WebSocket } from 'ws'
import { connect } from '../../src/dendrite/connect.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { type BenchServer, genesis, netuid, startServer } from './axonServer.ts'
import { type BenchCase, median } from './harness.ts'

const rounds = 5
const perRound = 400
const atOnce = 8
/** As long as a hello. */
const hello = 'x'.repeat(600)

/**
 * New sessions a second against bare TLS handshakes with one sr25519 verification each. Both servers run in processes of
 * their own and the rate is that of a second of their processor time: a caller signs and checks too, and would else be what
 * is measured.
 */
export async function newSessions(): Promise<BenchCase[]> {
  const axon = await startServer({ kind: 'axon', limits: { maxSessionsPerHotkey: perRound + 100 } })
  const bare = await startServer({ kind: 'tls' })
  const wss = await startServer({ kind: 'wss' })
  const signer = localSigner(await pairFromUri('//Bob'))
  const enter: Open = async ({ port, publicKey, hotkey }) => {
    const session = await connect({ host: '127.0.0.1', port, publicKey, hotkey, genesis, netuid, signer })
    return () => session.close()
  }
  const shake: Open = ({ port }) =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
      socket.once('data', () => resolve(() => socket.destroy()))
      socket.once('error', reject)
    })
  const upgrade: Open = ({ port }) =>
    new Promise((resolve, reject) => {
      const ws = new WebSocket(`wss://127.0.0.1:${port}`, { rejectUnauthorized: false, perMessageDeflate: false })
      ws.once('open', () => ws.send(hello))
      ws.once('message', () => resolve(() => ws.terminate()))
      ws.once('error', reject)
    })
  const [sessions, shakes, upgrades]: [number[], number[], number[]] = [[], [], []]
  for (let round = -1; round < rounds; round++) {
    const rates = [await rateOf(axon, enter), await rateOf(bare, shake), await rateOf(wss, upgrade)] as const
    // The first round warms up.
    if (round < 0) continue
    for (const [i, list] of [sessions, shakes, upgrades].entries()) list.push(rates[i]!)
  }
  for (const server of [axon, bare, wss]) await server.close()
  const row = (what: string, values: number[], bounds: number[], target: number | null): BenchCase => {
    const ratio = median(values.map((value, i) => value / bounds[i]!))
    const ok = target === null || ratio >= target
    return { case: what, value: median(values), unit: '1/s of server CPU', bound: median(bounds), ratio, target, ok }
  }
  return [
    row('new sessions; bound: TLS handshake + sr25519 verify', sessions, shakes, 0.8),
    row('  bound: the same + bare WebSocket upgrade + a message each way', sessions, upgrades, null),
  ]
}

/** Opens one connection; what it returns closes it. */
type Open = (server: BenchServer) => Promise<() => void>

/** Connections a second of the server's processor time. They are closed when it has been read. */
async function rateOf(server: BenchServer, open: Open): Promise<number> {
  const before = await server.cpuMs()
  const closers: (() => void)[] = []
  let left = perRound
  const loop = async (): Promise<void> => {
    while (left-- > 0) closers.push(await open(server))
  }
  await Promise.all(Array.from({ length: atOnce }, loop))
  const after = await server.cpuMs()
  for (const close of closers) close()
  // Their ends are no part of the next round.
  await new Promise((resolve) => setTimeout(resolve, 300))
  return (perRound * 1_000) / (after - before)
}
