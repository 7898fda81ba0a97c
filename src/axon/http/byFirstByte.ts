import type { Socket } from 'node:net'

/** Type of a TLS handshake record, with which every TLS connection begins (RFC 8446, 5.1) and no HTTP request does. */
const handshake = 0x16

/** Waits for a connection's first byte, puts it back and says to whom the connection belongs. */
export function byFirstByte(socket: Socket, to: { readonly tls: () => void; readonly plain: () => void }): void {
  socket.once('readable', () => {
    const first: Buffer | null = socket.read(1)
    if (first === null) {
      // The peer has left without a word.
      socket.destroy()
      return
    }
    socket.unshift(first)
    if (first[0] === handshake) to.tls()
    else to.plain()
  })
}
