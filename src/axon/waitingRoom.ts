import type { Socket } from 'node:net'
import type { AxonLimits } from './axonLimits.ts'

interface Guest {
  readonly socket: Socket
  /** Whose connections it is counted with; undefined: with nobody's. */
  readonly group: string | undefined
  readonly timer: NodeJS.Timeout
  readonly onClose: () => void
  onTimeout: () => void
}

export type WaitingLimits = Pick<AxonLimits, 'maxUnproven' | 'maxUnprovenPerIp' | 'helloTimeoutMs'>

/**
 * Connections that have not proved who they are. Each has until its deadline, from its first packet on, whatever layer
 * it is stuck in: TLS, the WebSocket upgrade or the hello. They are few; a newcomer drops the oldest of its own address, or of
 * all, so that a flood of half-open connections displaces itself and an honest caller, who needs a fraction of a second,
 * gets through.
 */
export class WaitingRoom {
  readonly #guests = new Map<string, Guest>()
  /** The names of each group's guests, in the order in which they came. */
  readonly #groups = new Map<string, Set<string>>()
  #limits: WaitingLimits

  constructor(limits: WaitingLimits) {
    this.#limits = limits
  }

  /** New limits hold for those who come. */
  configure(limits: WaitingLimits): void {
    this.#limits = limits
  }

  get size(): number {
    return this.#guests.size
  }

  enter(socket: Socket, group?: string): void {
    const { maxUnproven, maxUnprovenPerIp, helloTimeoutMs } = this.#limits
    const name = nameOf(socket)
    const guest: Guest = {
      socket,
      group,
      onTimeout: () => socket.destroy(),
      onClose: () => this.#remove(name, guest),
      timer: setTimeout(() => guest.onTimeout(), helloTimeoutMs),
    }
    // A TCP connection that was reset at once has no peer any more, and the TLS layer never sees it.
    socket.once('close', guest.onClose)
    this.#guests.set(name, guest)
    if (group !== undefined) {
      const own = this.#groups.get(group)
      if (own === undefined) this.#groups.set(group, new Set([name]))
      else if (own.add(name).size > maxUnprovenPerIp) this.#drop(own)
    }
    if (this.#guests.size > maxUnproven) this.#drop(this.#guests.keys())
  }

  /** What to do at the deadline in place of cutting the connection. False: this one has no deadline, it is not waiting. */
  atDeadline(socket: Socket, onTimeout: () => void): boolean {
    const guest = this.#guests.get(nameOf(socket))
    if (guest !== undefined) guest.onTimeout = onTimeout
    return guest !== undefined
  }

  /** The peer has proved its hotkey. False: its time was over, or it was dropped. */
  leave(socket: Socket): boolean {
    const name = nameOf(socket)
    const guest = this.#guests.get(name)
    if (guest === undefined) return false
    this.#remove(name, guest)
    return true
  }

  /** Cuts all of them. */
  clear(): void {
    for (const [name, guest] of this.#guests) {
      this.#remove(name, guest)
      guest.socket.destroy()
    }
  }

  /** The first of these. */
  #drop(names: Iterable<string>): void {
    for (const name of names) {
      const guest = this.#guests.get(name)!
      this.#remove(name, guest)
      guest.socket.destroy()
      return
    }
  }

  #remove(name: string, guest: Guest): void {
    clearTimeout(guest.timer)
    guest.socket.off('close', guest.onClose)
    if (this.#guests.get(name) !== guest) return
    this.#guests.delete(name)
    if (guest.group === undefined) return
    const own = this.#groups.get(guest.group)
    own?.delete(name)
    if (own?.size === 0) this.#groups.delete(guest.group)
  }
}

/** Both ends' addresses: the same for a TCP socket and for the TLS socket on it, and no two live ones share them. */
function nameOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localAddress}`
}
