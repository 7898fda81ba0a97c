import { type ChainSight, chainFaults } from '../base/chainFaults.ts'
import { makeClosers } from '../base/closers.ts'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { serveStatus } from '../base/serveStatus.ts'
import type { Signer } from '../keys/signer.ts'
import { GatewayError } from './gatewayError.ts'
import type { GatewayLimits } from './gatewayLimits.ts'
import { gatewayMetrics } from './gatewayMetrics.ts'
import { type GatewayNeuron, MinerTable } from './minerTable.ts'
import { startServer } from './server.ts'

export interface GatewayOptions {
  /** The subnet's neurons as the chain has them now. */
  readonly readNeurons: () => Promise<readonly GatewayNeuron[]>
  /** The gateway's hotkey, registered on the subnet: miners admit no other callers. */
  readonly signer: Signer
  /** Genesis hash of the chain, `0x` and 64 hex digits. */
  readonly genesis: string
  readonly netuid: number
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly log: Log
  /** Pause between two reads of the neurons. Default 5,000. */
  readonly pollMs?: number
  readonly limits?: Partial<GatewayLimits>
  /** Where `serveStatus` listens; absent: nowhere. */
  readonly statusPort?: number
}

export interface Gateway {
  readonly url: string
  readonly port: number
  status(): GatewayStatus
  close(): Promise<void>
}

export interface GatewayStatus {
  readonly role: 'gateway'
  readonly url: string
  readonly hotkey: string
  readonly requests: { readonly ok: number; readonly failed: number }
  /** How many reachable miners declare each domain. */
  readonly domains: readonly { readonly domain: string; readonly miners: number }[]
}

/** How long the start waits for miners; those that are slower are found while it serves. */
const firstConnectsMs = 3_000
const defaultPollMs = 5_000

/**
 * A gateway: OpenAI's HTTP API in front of a subnet's miners. Once it serves it goes on with the last neurons that it
 * read, whatever becomes of the chain.
 *
 * @throws GatewayError `not-registered`, `cannot-listen`; whatever the first `readNeurons` throws
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { readNeurons, signer, genesis, netuid, host, port, log, limits, statusPort } = options
  const neurons = await readNeurons()
  if (!neurons.some(({ hotkey }) => hotkey === signer.address)) throw notRegistered(signer.address, netuid)
  const table = new MinerTable({ signer, genesis, netuid, log })
  const closers = makeClosers()
  closers.add(() => table.close())
  try {
    table.update(neurons)
    await atMost(firstConnectsMs, table.connectAll())
    const server = await startServer({ table, host, port, log, ...(limits !== undefined && { limits }) })
    closers.add(() => server.close())
    const polling = poll({ ...options, table })
    closers.add(polling.end)
    const { url } = server
    const status = (): GatewayStatus => ({
      role: 'gateway',
      url,
      hotkey: signer.address,
      requests: server.requests(),
      domains: table.domains(),
    })
    if (statusPort !== undefined) {
      const faults = (): string[] => chainFaults(polling.sight())
      const pages = { '/traffic': (query: URLSearchParams) => table.traffic.page(Number(query.get('after') ?? -1)) }
      const metrics = gatewayMetrics(status)
      const window = await serveStatus({ port: statusPort, status, faults, metrics, pages })
      closers.add(() => window.close())
    }
    const models = table.domains().map(({ domain }) => domain)
    log.info({ url, models: models.join(',') }, 'gateway serves')
    return { url, port: server.port, status, close: closers.close }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** Reads the neurons again and again, until `end`. */
function poll(options: GatewayOptions & { readonly table: MinerTable }): { end(): void; sight(): ChainSight } {
  const { readNeurons, table, signer, netuid, log, pollMs = defaultPollMs } = options
  let timer: NodeJS.Timeout
  let isOver = false
  let isLost = false
  let isRegistered = true
  let readAtMs = performance.now()
  const turn = async (): Promise<void> => {
    try {
      const neurons = await readNeurons()
      if (isOver) return
      readAtMs = performance.now()
      table.update(neurons)
      void table.connectAll()
      if (isLost) log.info('the chain answers again')
      isLost = false
      const isStill = neurons.some(({ hotkey }) => hotkey === signer.address)
      if (isRegistered && !isStill) log.error(messageOf(notRegistered(signer.address, netuid)))
      isRegistered = isStill
    } catch (error) {
      if (!isLost && !isOver)
        log.warn({ error: messageOf(error) }, 'the chain does not answer; the last metagraph serves on')
      isLost = true
    }
    if (!isOver) timer = setTimeout(() => void turn(), pollMs)
  }
  timer = setTimeout(() => void turn(), pollMs)
  return {
    end: () => {
      isOver = true
      clearTimeout(timer)
    },
    sight: () => ({ isRegistered, silentMs: performance.now() - readAtMs }),
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([work, late])
  clearTimeout(timer)
}

function notRegistered(hotkey: string, netuid: number): GatewayError {
  const mend = `register it: faculty subnet register --netuid ${netuid}`
  return new GatewayError(
    `the gateway's hotkey ${hotkey} is not on subnet ${netuid}, so miners would turn it away`,
    { code: 'not-registered', hotkey, netuid },
    { mend },
  )
}
