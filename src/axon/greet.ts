import type { TLSSocket } from 'node:tls'
import type { RawData, WebSocket } from 'ws'
import type { WelcomeMessage } from '../wire/axonMessage.ts'
import type { HelloMessage } from '../wire/callerMessage.ts'
import { channelBytes, channelLabel, protocolVersion } from '../wire/hello.ts'
import { readCallerMessage } from '../wire/readMessage.ts'
import type { WireErrorCode } from '../wire/wireError.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import type { Caller } from './answer.ts'
import type { AxonCore } from './axonCore.ts'
import { checkHelloFields, isSignedHello } from './checkHello.ts'
import { Peer } from './peer.ts'
import { Session } from './session.ts'

const noContext = Buffer.alloc(0)

/**
 * Hears the hello of a fresh WebSocket and makes it a session, or closes it.
 *
 * @see docs/admission.md, the order of checks
 */
export function greet(core: AxonCore, ws: WebSocket, socket: TLSSocket): void {
  const peer = new Peer(ws, socket, core.limits.maxUnsentBytes)
  let claimed: string | undefined
  let heardBytes = 0
  let isProved = false
  let fault: unknown

  const countBytes = (chunk: Buffer): void => {
    heardBytes += chunk.length
    if (heardBytes > wireLimits.maxHelloBytes) peer.close('oversize')
  }
  const onFrame = (data: RawData, isBinary: boolean): void => {
    if (!peer.isOpen) return
    const read = isBinary ? undefined : readCallerMessage(data.toString())
    if (read === undefined) peer.close('binary-frame')
    else if (!read.ok) peer.close(read.code === 'bad-message' ? 'hello-expected' : read.code, read.detail)
    // One hello a connection: a second message before the welcome is a caller that cannot wait.
    else if (read.message.type !== 'hello' || claimed !== undefined) peer.close('hello-expected')
    else {
      claimed = read.message.caller
      judge(read.message).then(
        (verdict) => settle(verdict),
        (error: unknown) => {
          fault = error
          peer.close('unavailable')
        },
      )
    }
  }
  const judge = async (hello: HelloMessage): Promise<Caller | WireErrorCode> => {
    const wrong = checkHelloFields(hello, {
      hotkey: core.hotkey,
      genesis: core.genesis,
      netuid: core.netuid,
      channel: socket.exportKeyingMaterial(channelBytes, channelLabel, noContext).toString('hex'),
      nowMs: Date.now(),
    })
    if (wrong !== undefined) return wrong
    if (core.draining) return 'draining'
    const admission = await core.admit(hello.caller, peer.ip)
    if (!admission.ok) return admission.code
    if (isFull(core, hello.caller)) return 'too-many-sessions'
    if (!peer.isOpen) return 'hello-timeout'
    if (!isSignedHello(hello)) return 'bad-signature'
    return { hotkey: hello.caller, stake: admission.stake, weight: admission.weight ?? 1 }
  }
  const settle = (verdict: Caller | WireErrorCode): void => {
    if (typeof verdict === 'string') peer.close(verdict)
    // While admission took its time others may have come in, or the axon may have begun to leave.
    else if (core.draining) peer.close('draining')
    else if (isFull(core, verdict.hotkey)) peer.close('too-many-sessions')
    else if (!peer.isOpen || !core.waitingRoom.leave(socket)) peer.terminate()
    else {
      isProved = true
      socket.off('data', countBytes)
      ws.off('message', onFrame)
      new Session(core, peer, ws, verdict).send(welcomeOf(core))
    }
  }

  // A connection whose request by HTTP is being answered could stay as long as it liked.
  if (!core.waitingRoom.atDeadline(socket, () => peer.close('hello-timeout'))) {
    peer.terminate()
    return
  }
  // Before the library's own listener, which would read a long frame first.
  socket.prependListener('data', countBytes)
  ws.on('message', onFrame)
  ws.on('close', () => {
    if (isProved || peer.endCode === undefined) return
    core.onEvent({
      type: 'refused',
      remote: peer.remote,
      code: peer.endCode,
      ...(claimed !== undefined && { hotkey: claimed }),
      ...(fault !== undefined && { error: fault }),
    })
  })
}

function isFull({ sessions, limits }: AxonCore, hotkey: string): boolean {
  return sessions.size >= limits.maxSessions || sessions.countOf(hotkey) >= limits.maxSessionsPerHotkey
}

function welcomeOf(core: AxonCore): WelcomeMessage {
  const { hotkey, genesis, netuid, domains, models } = core
  const { maxFrameBytes, maxPending, maxDeadlineMs, heartbeatMs, idleMs } = core.limits
  const limits = { maxFrameBytes, maxPending, maxDeadlineMs, heartbeatMs, idleMs }
  return { type: 'welcome', protocol: protocolVersion, hotkey, genesis, netuid, domains, models, limits }
}
