import { connect } from '../../src/dendrite/connect.ts'
import type { Session } from '../../src/dendrite/session.ts'
import type { AskRequest } from '../../src/dendrite/target.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { genesis, netuid, startServer } from './axonServer.ts'
import { type BenchCase, quantile } from './harness.ts'

const answerMs = 20
const places = 8
const honestAsks = 300
const floodSessions = 8
const floodAsksEach = 64

const request: AskRequest = { messages: [{ role: 'user', content: 'x' }], maxTokens: 16, temperature: 0 }
const ask = { domain: 'law', timeoutMs: 60_000 }

/**
 * One caller's times, one ask after the other, while another hotkey keeps as many asks waiting as it may: against the same
 * caller's times alone. An answer takes 20 ms and eight are made at a time.
 */
export async function underFlood(): Promise<BenchCase[]> {
  const { port, publicKey, hotkey, close } = await startServer({
    kind: 'axon',
    answerMs,
    limits: { maxRunning: places },
  })
  const enter = async (uri: string): Promise<Session> =>
    await connect({
      host: '127.0.0.1',
      port,
      publicKey,
      hotkey,
      genesis,
      netuid,
      signer: localSigner(await pairFromUri(uri)),
    })
  const honest = await enter('//Bob')
  const quiet = await timesOf(honest)
  const flood = await Promise.all(Array.from({ length: floodSessions }, () => enter('//Eve')))
  let isOver = false
  const loops = flood.flatMap((session) =>
    Array.from({ length: floodAsksEach }, async () => {
      while (!isOver) await session.askOnce(request, ask)
    }),
  )
  const flooded = await timesOf(honest)
  isOver = true
  await Promise.all(loops)
  for (const session of [honest, ...flood]) session.close()
  await close()
  return [0.5, 0.99].map((part) => {
    const [value, bound] = [quantile(flooded, part), quantile(quiet, part)]
    const what = `p${100 * part} of a caller beside a flood of ${floodSessions * floodAsksEach} asks; bound: without it`
    return { case: what, value, unit: 'ms', bound, ratio: value / bound, target: 2, ok: value <= 2 * bound }
  })
}

async function timesOf(session: Session): Promise<number[]> {
  const timesMs: number[] = []
  for (let i = 0; i < honestAsks; i++) timesMs.push((await session.askOnce(request, ask)).elapsedMs)
  return timesMs
}
