import { ApiPromise, WsProvider } from '@polkadot/api'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import { messageOf } from '../base/errors.ts'
import { ChainError } from './chainError.ts'

/** A connection to any subtensor chain. Shared by everything in a process; operations take it as first argument. */
export interface Chain {
  readonly api: ApiPromise
  readonly endpoints: readonly string[]
  /** Upper bound for one read or one RPC call. */
  readonly timeoutMs: number
  /** Follows connection loss and recovery. @returns a function that ends it */
  onConnection(listener: (connected: boolean) => void): () => void
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Tried in turn, at the start and after a loss. */
  readonly endpoints: readonly string[]
  readonly timeoutMs?: number
  /** How long the first connection may take, all endpoints together. */
  readonly connectTimeoutMs?: number
  /** A socket that does not answer for so long counts as lost, even if the kernel still calls it open. */
  readonly heartbeatMs?: number
  /** Refuse a chain with another genesis. */
  readonly genesisHash?: string
}

// Known to subtensor, unknown to @polkadot/api: none of them adds bytes to an extrinsic or to what is signed.
const emptyExtension = { extrinsic: {}, payload: {} }
const signedExtensions = {
  SudoTransactionExtension: emptyExtension,
  CheckShieldedTxValidity: emptyExtension,
  SubtensorTransactionExtension: emptyExtension,
  DrandPriority: emptyExtension,
}

const reconnectMs = 500

/**
 * Connects to a subtensor chain. The connection then repairs itself: it fails over between endpoints, drops sockets
 * that went silent and follows runtime upgrades.
 *
 * @throws ChainError `disconnected` where no endpoint answers, `wrong-chain` where it is not the expected chain
 */
export async function connectChain(options: ConnectOptions): Promise<Chain> {
  const { endpoints, timeoutMs = 20_000, connectTimeoutMs = 30_000, heartbeatMs = 15_000 } = options
  // Connected by hand: the provider's own reconnection stops for good once a silent socket was closed on purpose.
  const provider = new WsProvider([...endpoints], false, {}, timeoutMs)
  let lastError: unknown
  let closed = false
  const note = (error: unknown): void => {
    lastError = error
  }
  provider.on('error', note)
  provider.on('disconnected', () => {
    // Each connect moves on to the next endpoint.
    if (!closed) setTimeout(() => void provider.connect().catch(note), reconnectMs)
  })
  const api = new ApiPromise({
    provider: provider as unknown as ProviderInterface,
    signedExtensions,
    noInitWarn: true,
    throwOnConnect: false,
  })
  // @polkadot/api repeats connection errors here; without a listener Node would take them for uncaught ones.
  api.on('error', note)
  const close = async (): Promise<void> => {
    closed = true
    await api.disconnect()
  }
  try {
    await provider.connect()
    await deadline(api.isReady, connectTimeoutMs)
  } catch (error) {
    await close()
    throw new ChainError(
      `no chain answers at ${endpoints.join(', ')}: ${messageOf(lastError ?? error)}`,
      { code: 'disconnected', endpoints },
      { mend: 'start one with faculty localnet, or give its address with --subtensor.chain_endpoint', cause: error },
    )
  }
  const found = api.genesisHash.toHex()
  if (options.genesisHash !== undefined && options.genesisHash !== found) {
    await close()
    throw new ChainError(
      `the chain at ${endpoints.join(', ')} is another one: its genesis is ${found}`,
      { code: 'wrong-chain', expected: options.genesisHash, found },
      { mend: 'check --subtensor.network and --subtensor.chain_endpoint' },
    )
  }
  const heartbeat = startHeartbeat(provider, heartbeatMs)
  return {
    api,
    endpoints,
    timeoutMs,
    onConnection(listener) {
      const offs = [provider.on('connected', () => listener(true)), provider.on('disconnected', () => listener(false))]
      return () => {
        for (const off of offs) off()
      }
    },
    async close() {
      clearInterval(heartbeat)
      await close()
    },
  }
}

/** Asks for something cheap at intervals; no answer within one interval closes the socket, and the next one is opened. */
function startHeartbeat(provider: WsProvider, intervalMs: number): NodeJS.Timeout {
  const beat = async (): Promise<void> => {
    if (!provider.isConnected) return
    try {
      await deadline(provider.send('chain_getBlockHash', [0], false), intervalMs)
    } catch {
      // Silence or an error, it makes no difference: this socket is of no use any more.
      await provider.disconnect()
    }
  }
  const timer = setInterval(() => void beat(), intervalMs)
  timer.unref()
  return timer
}

/** @throws ChainError `timeout` when the promise has not settled in time */
export async function withTimeout<T>(chain: Pick<Chain, 'timeoutMs'>, what: string, promise: Promise<T>): Promise<T> {
  try {
    return await deadline(promise, chain.timeoutMs)
  } catch (error) {
    if (error !== late) throw error
    throw new ChainError(
      `${what}: no answer from the chain within ${chain.timeoutMs} ms`,
      { code: 'timeout', what, afterMs: chain.timeoutMs },
      { mend: 'the node may be overloaded or gone; several may be given in --subtensor.chain_endpoint' },
    )
  }
}

const late = Symbol('late')

async function deadline<T>(promise: Promise<T>, afterMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(late), afterMs)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
