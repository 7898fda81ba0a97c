import type { Socket } from 'node:net'
import type { AxonCore } from './axonCore.ts'
import { ipGroup } from './ipGroup.ts'

/**
 * Meets each TCP connection before a byte of it is read: TLS costs some hundred times what this does. Nothing can be
 * said to a peer at this point, so one that is not let in is reset.
 *
 * @returns false: it is not to be read
 * @see docs/admission.md, the order of checks
 */
export function meetAtDoor(core: AxonCore, socket: Socket): boolean {
  const ip = socket.remoteAddress
  // A connection that was reset at once has no peer any more.
  if (ip === undefined) {
    socket.destroy()
    return false
  }
  const group = countedAs(core, ip)
  const isDenied = core.judgeIp(ip) === 'denied'
  const isOften = group !== undefined && core.connectionRates.take(group, performance.now()) > 0
  if (isDenied || isOften) {
    const remote = `${ip} port ${socket.remotePort}`
    core.onEvent({ type: 'refused', remote, code: isOften ? 'rate-limited' : 'denied' })
    socket.resetAndDestroy()
    return false
  }
  core.waitingRoom.enter(socket, group)
  return true
}

/** With whose connections one from this address is counted; undefined: with nobody's. */
export function countedAs(core: Pick<AxonCore, 'judgeIp'>, ip: string): string | undefined {
  return core.judgeIp(ip) === 'counted' ? ipGroup(ip) : undefined
}
