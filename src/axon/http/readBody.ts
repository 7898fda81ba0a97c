import type { IncomingMessage } from 'node:http'

/**
 * The whole body, or undefined where it is longer than `maxBytes`. Rejects where the connection breaks off; that it may
 * not take for ever is for whoever watches the connection.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve(undefined)
  if (request.destroyed) return Promise.reject(new Error('the connection was closed'))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else {
        request.pause()
        resolve(undefined)
      }
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the connection was closed')))
  })
}
