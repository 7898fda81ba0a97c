import { connect, type TLSSocket } from 'node:tls'
import { showAddress } from '../wire/axonAddress.ts'
import { DendriteError } from './dendriteError.ts'
import type { Target } from './target.ts'

/**
 * Opens TLS 1.3 to an axon and makes sure that the peer holds exactly the published key, before a byte of application
 * data is sent. No CA is asked: the chain says which key it must be, and TLS proves possession of the key in the
 * certificate whoever signed that.
 *
 * @throws DendriteError `unreachable`, `wrong-key`, `cancelled`
 */
export function openTls(target: Target, signal: AbortSignal): Promise<TLSSocket> {
  const { host, port } = target
  const where = showAddress(host, port)
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
    })
    socket.setNoDelay(true)
    const settle = (failure: DendriteError | undefined): void => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      socket.off('close', onClose)
      // A reset may still follow: after a failure it has been reported already, else whoever uses the socket sees it end.
      socket.on('error', () => undefined)
      if (failure === undefined) {
        resolve(socket)
        return
      }
      socket.destroy()
      reject(failure)
    }
    const unreachable = (problem: string, cause?: unknown): DendriteError =>
      new DendriteError(`no TLS session with ${where}: ${problem}`, { code: 'unreachable', host, port }, { cause })
    const onAbort = (): void => settle(unreachable('it took too long', signal.reason))
    const onError = (error: Error): void => settle(unreachable(error.message, error))
    const onClose = (): void => settle(unreachable('the connection was closed'))
    socket.once('error', onError)
    socket.once('close', onClose)
    socket.once('secureConnect', () => {
      const held = socket.getPeerX509Certificate()?.publicKey
      const x = held?.asymmetricKeyType === 'ed25519' ? held.export({ format: 'jwk' }).x : undefined
      if (x !== undefined && Buffer.from(x, 'base64url').equals(target.publicKey)) settle(undefined)
      else {
        const message = `${where} does not hold the key that axon ${target.hotkey} published`
        const mend = 'read the metagraph again: the axon may have moved or changed its key'
        settle(new DendriteError(message, { code: 'wrong-key', host, port }, { mend }))
      }
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
}
