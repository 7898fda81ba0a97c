import { messageOf } from '../base/errors.ts'
import { openSocket } from './openSocket.ts'

/** How far one node is. */
export interface Head {
  readonly best: number
  readonly finalised: number
}

interface Reply {
  readonly id?: number
  readonly result?: unknown
}

/** In this order: each needs what the one before has found. */
const [bestId, finalisedHashId, finalisedId] = [1, 2, 3]

/**
 * How far a node is, over a connection of its own, so that several nodes can be compared.
 *
 * @returns why there is no saying, where it does not answer as a node does within `timeoutMs`
 */
export async function getHead(
  endpoint: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<Head | { readonly problem: string }> {
  let settle: (head: Head | { problem: string }) => void = () => undefined
  const found = new Promise<Head | { problem: string }>((resolve) => {
    settle = resolve
  })
  const timer = setTimeout(() => settle({ problem: `no answer within ${timeoutMs} ms` }), timeoutMs)
  let best: number | undefined
  try {
    const socket = await openSocket(endpoint, {
      attemptMs: timeoutMs,
      onGone: (problem) => settle({ problem }),
      onMessage: (text) => {
        try {
          const { id, result } = JSON.parse(text) as Reply
          if (id === bestId) {
            best = numberOf(result)
            request(finalisedHashId, 'chain_getFinalizedHead')
          } else if (id === finalisedHashId) request(finalisedId, 'chain_getHeader', [result])
          else if (id === finalisedId) settle({ best: best!, finalised: numberOf(result) })
        } catch (error) {
          settle({ problem: `its answer is not that of a node: ${messageOf(error)}` })
        }
      },
    })
    const request = (id: number, method: string, params: unknown[] = []): void =>
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    request(bestId, 'chain_getHeader')
    const head = await found
    socket.close()
    return head
  } catch (error) {
    return { problem: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

/** Of a header. @throws TypeError where it is none */
function numberOf(header: unknown): number {
  const { number } = header as { number: string }
  const value = Number(number)
  if (typeof number !== 'string' || !Number.isSafeInteger(value)) throw new TypeError(`block number ${number}`)
  return value
}
