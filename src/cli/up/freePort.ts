import { createServer } from 'node:net'
import { InputError } from '../../base/errors.ts'

/** A port of 127.0.0.1 that nobody holds now: `wanted`, or any where that is 0. @throws InputError where it is held */
export async function freePort(wanted: number, flag: string): Promise<number> {
  const server = createServer()
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once('error', (cause) => {
        reject(new InputError(flag, wanted, `something listens there already; give another port or 0`, { cause }))
      })
      server.listen(wanted, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
  } finally {
    server.close()
  }
}
