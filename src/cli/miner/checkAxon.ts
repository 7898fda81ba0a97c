import { connect as connectTcp } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { TLSSocket } from 'node:tls'
import { FacultyError, messageOf } from '../../base/errors.ts'
import { withoutControls } from '../../base/withoutControls.ts'
import type { Neuron } from '../../chain/getMetagraph.ts'
import { openChannel } from '../../dendrite/openChannel.ts'
import { openTls } from '../../dendrite/openTls.ts'
import { Session } from '../../dendrite/session.ts'
import type { Target } from '../../dendrite/target.ts'
import type { Signer } from '../../keys/signer.ts'
import { addressKind } from '../../wire/addressKind.ts'
import { hostOfChainIp, showAddress } from '../../wire/axonAddress.ts'
import { axonKeyOf } from '../../wire/axonCertificate.ts'
import { warningOf } from '../announcedHost.ts'
import { mendOfHello, mendOfTcp } from './checkMends.ts'

export type StageName = 'registration' | 'announcement' | 'certificate' | 'tcp' | 'tls' | 'hello' | 'answer'

/** One step on a caller's way to the axon. */
export interface Stage {
  readonly name: StageName
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped'
  /** Absent where nothing was tried over the network. */
  readonly ms?: number
  readonly detail: string
  /** What to do about it. */
  readonly mend?: string
}

export interface CheckOptions {
  readonly neuron: Pick<Neuron, 'hotkey' | 'axon' | 'certificate'>
  readonly genesis: string
  readonly netuid: number
  /** Whose hello the axon must take; without one a key made for the occasion goes as far as it can. */
  readonly caller?: Signer | undefined
  readonly stranger: Signer
  /** For each stage. */
  readonly timeoutMs: number
}

/** Goes a caller's way to an axon, as the chain describes it, one stage after another, until one fails. */
export async function* checkAxon(options: CheckOptions): AsyncGenerator<Stage, void> {
  const { neuron, timeoutMs } = options
  if (neuron.axon === undefined) {
    yield {
      name: 'announcement',
      outcome: 'failed',
      detail: 'no axon is announced on chain',
      mend: 'start the miner: faculty miner run announces it; see its log for why the chain refused',
    }
    return
  }
  const { port } = neuron.axon
  let host: string
  try {
    host = hostOfChainIp(neuron.axon)
  } catch (error) {
    yield { name: 'announcement', outcome: 'failed', detail: messageOf(error), mend: 'announce the miner anew' }
    return
  }
  yield announcementStage(host, port)
  const publicKey = axonKeyOf(neuron.certificate)
  yield publicKey === undefined
    ? {
        name: 'certificate',
        outcome: 'failed',
        detail: neuron.certificate === undefined ? 'none is published' : 'it holds no Ed25519 key',
        mend: 'faculty miner run publishes its key with serve_axon_tls; an axon of the Python SDK has none',
      }
    : { name: 'certificate', outcome: 'ok', detail: `Ed25519 ${hexOf(publicKey)}` }
  const tcp = await timed('tcp', () => tryTcp(host, port, timeoutMs), mendOfTcp)
  yield tcp
  if (tcp.outcome === 'failed' || publicKey === undefined) return
  const target: Target = { host, port, publicKey, hotkey: neuron.hotkey }
  const tls = await timed('tls', () => tryTls(target, timeoutMs), mendOfHello)
  yield tls
  if (tls.outcome === 'failed') return
  yield* trySession(target, options)
}

function announcementStage(host: string, port: number): Stage {
  const detail = showAddress(host, port)
  const kind = addressKind(host)
  if (kind !== 'public') {
    return {
      name: 'announcement',
      outcome: 'warning',
      detail: `${detail}, a ${kind} address`,
      mend: warningOf(host, kind),
    }
  }
  if (isOwnAddress(host)) {
    const mend = 'run this command on another machine as well: firewalls and routers are not on the way from here'
    return { name: 'announcement', outcome: 'warning', detail: `${detail}, an address of this very machine`, mend }
  }
  return { name: 'announcement', outcome: 'ok', detail }
}

async function* trySession(target: Target, options: CheckOptions): AsyncGenerator<Stage, void> {
  const { caller, stranger, genesis, netuid, timeoutMs } = options
  const session = { genesis, netuid, connectTimeoutMs: timeoutMs }
  if (caller === undefined) {
    yield await timed('hello', () => helloOfStranger(target, { ...session, signer: stranger }), mendOfHello)
    const detail = 'needs the key of a hotkey that the miner serves: --caller.wallet.name'
    yield { name: 'answer', outcome: 'skipped', detail }
    return
  }
  const connected = new Session(target, { ...session, signer: caller })
  try {
    const hello = await timed('hello', () => helloOf(connected), mendOfHello)
    yield hello
    if (hello.outcome !== 'failed') yield await timed('answer', () => tinyAsk(connected, timeoutMs), mendOfHello)
  } finally {
    connected.close()
  }
}

/** Runs one stage over the network. What it returns is its detail; what it throws is its failure. */
async function timed(
  name: StageName,
  run: () => Promise<string>,
  mendOf: (error: unknown) => string | undefined,
): Promise<Stage> {
  const beganAtMs = performance.now()
  const sinceMs = (): number => Math.round(performance.now() - beganAtMs)
  try {
    const detail = oneLine(await run())
    return { name, outcome: 'ok', ms: sinceMs(), detail }
  } catch (error) {
    const mend = mendOf(error) ?? (error instanceof FacultyError ? error.mend : undefined)
    const detail = oneLine(error instanceof Error ? error.message : String(error))
    return { name, outcome: 'failed', ms: sinceMs(), detail, ...(mend !== undefined && { mend }) }
  }
}

function tryTcp(host: string, port: number, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port })
    socket.setTimeout(timeoutMs, () => {
      socket.destroy()
      reject(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }))
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve('connected')
    })
  })
}

async function tryTls(target: Target, timeoutMs: number): Promise<string> {
  const socket: TLSSocket = await openTls(target, AbortSignal.timeout(timeoutMs))
  const until = socket.getPeerX509Certificate()?.validTo
  socket.destroy()
  // Callers pin the key and look at no date; others, a browser or a proxy, would.
  const expired = until !== undefined && Date.parse(until) < Date.now()
  return `TLS 1.3, the key is the published one${expired ? `; its certificate ran out on ${until}, which callers do not mind` : ''}`
}

/** An axon checks what a hello names before it turns a stranger away, so a refusal as unknown says that all else is right. */
async function helloOfStranger(target: Target, options: Parameters<typeof openChannel>[1]): Promise<string> {
  try {
    const channel = await openChannel(target, options)
    channel.close()
    return 'it takes hotkeys that are not registered'
  } catch (error) {
    if (error instanceof FacultyError && 'reason' in error.failure && error.failure.reason === 'unknown-hotkey') {
      return 'an axon of this hotkey, chain and subnet; it turned away a hotkey that is not registered, as it should'
    }
    throw error
  }
}

async function helloOf(session: Session): Promise<string> {
  await session.connect()
  const { domains, models } = session.welcome!
  const served = models.map(({ domain, name }) => `${domain} by ${name}`)
  return `it serves ${domains.join(', ')}${served.length === 0 ? '' : ` (${served.join(', ')})`}`
}

async function tinyAsk(session: Session, timeoutMs: number): Promise<string> {
  const domain = session.welcome?.domains[0] ?? ''
  const request = { messages: [{ role: 'user' as const, content: 'Say yes.' }], maxTokens: 8, temperature: 0 }
  const { completionTokens, firstTextMs, receipt } = await session.askOnce(request, { domain, timeoutMs })
  const sealed = receipt === undefined ? 'no receipt' : 'a good receipt'
  return `${completionTokens} tokens of ${domain}, the first text after ${Math.round(firstTextMs)} ms, ${sealed}`
}

/** What a stranger says may stand in it. */
function oneLine(text: string): string {
  return withoutControls(text).replaceAll(/\s+/g, ' ')
}

function isOwnAddress(host: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === host))
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
