import type { TLSSocket } from 'node:tls'
import { type ClientOptions, type RawData, WebSocket } from 'ws'
import { InputError } from '../base/errors.ts'
import { joinSignals } from '../base/joinSignals.ts'
import { isSoundPublicKey } from '../keys/ed25519.ts'
import { toHex } from '../keys/hex.ts'
import type { Signer } from '../keys/signer.ts'
import { showAddress } from '../wire/axonAddress.ts'
import type { WelcomeMessage } from '../wire/axonMessage.ts'
import type { HelloMessage } from '../wire/callerMessage.ts'
import { channelBytes, channelLabel, helloBytes, protocolVersion, sessionPath } from '../wire/hello.ts'
import { readAxonMessage } from '../wire/readMessage.ts'
import { errorOfClose, wireErrors } from '../wire/wireError.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { Channel } from './channel.ts'
import { DendriteError } from './dendriteError.ts'
import { openTls } from './openTls.ts'
import type { Target } from './target.ts'

export interface ChannelOptions {
  /** The caller's hotkey, sr25519. */
  readonly signer: Signer
  /** Genesis hash of the chain, `0x` and 64 hex digits, and the subnet. */
  readonly genesis: string
  readonly netuid: number
  /** For TCP, TLS, the upgrade and the hello together. Default 10,000. */
  readonly connectTimeoutMs?: number
  /** Ping at least this often; a silence of three times as long is a lost connection. Default: what the axon asks for. */
  readonly heartbeatMs?: number
}

const noContext = Buffer.alloc(0)
const defaultConnectTimeoutMs = 10_000

/**
 * One authenticated connection: TLS with the pinned key, WebSocket, hello, welcome.
 *
 * @param leaving gives the attempt up
 * @throws DendriteError `unreachable`, `wrong-key`, `refused`, `bad-axon`; InputError for an unusable key
 */
export async function openChannel(target: Target, options: ChannelOptions, leaving?: AbortSignal): Promise<Channel> {
  if (!isSoundPublicKey(target.publicKey)) {
    throw new InputError('publicKey', toHex(target.publicKey), 'give the 32 bytes of an Ed25519 key in use')
  }
  const ending = joinSignals([leaving], options.connectTimeoutMs ?? defaultConnectTimeoutMs)
  return await openUntil(target, options, ending.signal).finally(ending.release)
}

async function openUntil(target: Target, options: ChannelOptions, signal: AbortSignal): Promise<Channel> {
  const socket = await openTls(target, signal)
  const hello = await signHello(target, options, socket)
  if (socket.destroyed) {
    const { host, port } = target
    const message = `no session with ${showAddress(host, port)}: the connection was closed`
    throw new DendriteError(message, { code: 'unreachable', host, port })
  }
  const clientOptions: ClientOptions & { closeTimeout: number } = {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: wireLimits.maxAxonFrameBytes,
    closeTimeout: 1_000,
  }
  // TLS is there already, so the library is told of a plain connection.
  const ws = new WebSocket(`ws://${showAddress(target.host, target.port)}${sessionPath}`, clientOptions)
  ws.once('open', () => ws.send(JSON.stringify(hello)))
  // In the same turn, or nobody would hear what comes in one packet with the welcome.
  return await awaitWelcome(ws, target, signal, (welcome) => new Channel(ws, socket, { target, options, welcome }))
}

async function signHello(target: Target, options: ChannelOptions, socket: TLSSocket): Promise<HelloMessage> {
  const { signer, genesis, netuid } = options
  const unsigned = {
    caller: signer.address,
    axon: target.hotkey,
    genesis,
    netuid,
    channel: socket.exportKeyingMaterial(channelBytes, channelLabel, noContext).toString('hex'),
    timestampMs: Date.now(),
  }
  try {
    const signature = toHex(await signer.sign(helloBytes(unsigned))).slice(2)
    return { type: 'hello', protocol: protocolVersion, ...unsigned, signature }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function awaitWelcome(
  ws: WebSocket,
  target: Target,
  signal: AbortSignal,
  open: (welcome: WelcomeMessage) => Channel,
): Promise<Channel> {
  const { host, port } = target
  const where = showAddress(host, port)
  return new Promise((resolve, reject) => {
    let told: DendriteError | undefined
    const settle = (outcome: WelcomeMessage | DendriteError): void => {
      signal.removeEventListener('abort', onAbort)
      ws.removeAllListeners()
      if (!(outcome instanceof DendriteError)) {
        resolve(open(outcome))
        return
      }
      // An aborted upgrade reports itself once more.
      ws.on('error', () => undefined)
      ws.terminate()
      reject(outcome)
    }
    const badAxon = (problem: string): DendriteError =>
      new DendriteError(`axon ${target.hotkey} at ${where}: ${problem}`, { code: 'bad-axon' })
    const unreachable = (problem: string, cause?: unknown): DendriteError =>
      new DendriteError(`no session with ${where}: ${problem}`, { code: 'unreachable', host, port }, { cause })
    const onAbort = (): void => settle(unreachable('it took too long', signal.reason))
    const onFrame = (data: RawData): void => {
      const read = readAxonMessage(data.toString())
      if (!read.ok) settle(badAxon(read.detail))
      else if (read.message.type === 'error') {
        const { code, message } = read.message
        // The close frame that follows must not be waited for: the peer may never send it.
        told = new DendriteError(`${where} refuses the session: ${message}`, { code: 'refused', reason: code })
        settle(told)
      } else if (read.message.type !== 'welcome') settle(badAxon(`a ${read.message.type} came before the welcome`))
      else if (read.message.hotkey !== target.hotkey) settle(badAxon(`it says it is ${read.message.hotkey}`))
      else settle(read.message)
    }
    const onClose = (closeCode: number): void => {
      const reason = errorOfClose(closeCode)
      if (reason === undefined) settle(unreachable(`the connection was closed (${closeCode})`))
      else settle(new DendriteError(`${where}: ${wireErrors[reason].text}`, { code: 'refused', reason }))
    }
    ws.on('message', onFrame)
    ws.on('error', (error) => settle(unreachable(error.message, error)))
    ws.on('close', onClose)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
}
