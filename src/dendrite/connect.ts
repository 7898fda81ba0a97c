import type { ChannelOptions } from './openChannel.ts'
import { Session } from './session.ts'
import type { Target } from './target.ts'

/**
 * A session with one axon, connected and proved on both sides. It reconnects by itself; close it when done.
 *
 * @throws DendriteError when the first attempt fails
 */
export async function connect(options: Target & ChannelOptions): Promise<Session> {
  const session = new Session(options, options)
  try {
    await session.connect()
    return session
  } catch (error) {
    session.close()
    throw error
  }
}
