import { sleep } from '../base/sleep.ts'
import { getHead, type Head } from '../chain/getHead.ts'

/** How far one endpoint of the chain is behind the foremost. */
export type EndpointLag =
  | { readonly endpoint: string; readonly bestBlocks: number; readonly finalisedBlocks: number }
  | { readonly endpoint: string; readonly problem: string }

/** Nodes that follow one chain are a block or two apart. */
const mostBlocks = 5
const timeoutMs = 10_000

/** @returns undefined for one that keeps up; begins with the endpoint */
export function lagText(lag: EndpointLag): string | undefined {
  const { endpoint } = lag
  if ('problem' in lag) return `${endpoint} does not answer: ${lag.problem}`
  if (lag.bestBlocks > mostBlocks) return `${endpoint} is ${lag.bestBlocks} blocks behind the other endpoints`
  if (lag.finalisedBlocks <= mostBlocks) return undefined
  return `${endpoint} is ${lag.finalisedBlocks} finalised blocks behind the other endpoints`
}

/** @param heads by endpoint, all seen at about the same time */
export function endpointLags(
  heads: readonly (readonly [string, Head | { readonly problem: string }])[],
): EndpointLag[] {
  const known = heads.flatMap(([, head]) => ('problem' in head ? [] : [head]))
  const best = Math.max(...known.map((head) => head.best))
  const finalised = Math.max(...known.map((head) => head.finalised))
  return heads.map(([endpoint, head]) =>
    'problem' in head
      ? { endpoint, problem: head.problem }
      : { endpoint, bestBlocks: best - head.best, finalisedBlocks: finalised - head.finalised },
  )
}

/** Compares the endpoints again and again until the signal fires; with one alone there is nothing to compare. */
export async function followEndpoints(
  endpoints: readonly string[],
  { everyMs, signal, onLags }: { everyMs: number; signal: AbortSignal; onLags: (lags: readonly EndpointLag[]) => void },
): Promise<void> {
  if (endpoints.length < 2) return
  while (!signal.aborted) {
    const heads = endpoints.map(async (endpoint) => [endpoint, await getHead(endpoint, { timeoutMs })] as const)
    const found = await Promise.all(heads)
    if (!signal.aborted) onLags(endpointLags(found))
    await sleep(everyMs, signal)
  }
}
