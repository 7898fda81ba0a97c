import type { Socket } from 'node:net'

interface Guest {
  readonly socket: Socket
  readonly timer: NodeJS.Timeout
  readonly onClose: () => void
  onTimeout: () => void
}

/**
 * Connections that have not proved who they are. Each has until its deadline, from its first packet on, whatever layer
 * it is stuck in: TLS, the WebSocket upgrade or the hello. They are few; a newcomer drops the oldest, so that a flood of
 * half-open connections displaces itself and an honest caller, who needs a fraction of a second, gets through.
 */
export class WaitingRoom {
  readonly #guests = new Map<string, Guest>()
  readonly #max: number
  readonly #timeoutMs: number

  constructor(max: number, timeoutMs: number) {
    this.#max = max
    this.#timeoutMs = timeoutMs
  }

  get size(): number {
    return this.#guests.size
  }

  enter(socket: Socket): void {
    const name = nameOf(socket)
    const guest: Guest = {
      socket,
      onTimeout: () => socket.destroy(),
      onClose: () => this.#remove(name, guest),
      timer: setTimeout(() => guest.onTimeout(), this.#timeoutMs),
    }
    // A TCP connection that was reset at once has no peer any more, and the TLS layer never sees it.
    socket.once('close', guest.onClose)
    this.#guests.set(name, guest)
    if (this.#guests.size > this.#max) this.#dropOldest()
  }

  /** What to do at the deadline in place of cutting the connection. */
  atDeadline(socket: Socket, onTimeout: () => void): void {
    const guest = this.#guests.get(nameOf(socket))
    if (guest !== undefined) guest.onTimeout = onTimeout
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

  #dropOldest(): void {
    for (const [name, guest] of this.#guests) {
      this.#remove(name, guest)
      guest.socket.destroy()
      return
    }
  }

  #remove(name: string, guest: Guest): void {
    clearTimeout(guest.timer)
    guest.socket.off('close', guest.onClose)
    if (this.#guests.get(name) === guest) this.#guests.delete(name)
  }
}

/** Both ends' addresses: the same for a TCP socket and for the TLS socket on it, and no two live ones share them. */
function nameOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localAddress}`
}
