import { ApiPromise } from '@polkadot/api'
import { ChainError } from './chainError.ts'
import { SocketProvider } from './socketProvider.ts'

/** A connection to any subtensor chain. Shared by everything in a process; operations take it as first argument. */
export interface Chain {
  readonly api: ApiPromise
  readonly endpoints: readonly string[]
  /** Upper bound for one read or one RPC call. */
  readonly timeoutMs: number
  /** A JSON-RPC request; a read that loses its connection is repeated on the next one, within its time. */
  send<T>(method: string, params: readonly unknown[]): Promise<T>
  /**
   * A JSON-RPC subscription, renewed after a loss of the connection, except one that follows an extrinsic.
   *
   * @param type name of its notifications, e.g. `chain_newHead`
   * @returns a function that ends it
   */
  subscribe(
    type: string,
    method: string,
    params: readonly unknown[],
    listener: (result: unknown) => void,
  ): Promise<() => void>
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
  /** Give up the first connection when every endpoint has failed so many times; default: only time counts. */
  readonly connectRounds?: number
  /** How long one endpoint may take to open a socket and answer on it. */
  readonly attemptMs?: number
  /** A socket that does not answer for so long counts as lost, even if the kernel still calls it open. */
  readonly heartbeatMs?: number
  /** Refuse a chain with another genesis. Without it the first chain that answers is the one kept to. */
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

/**
 * Connects to a subtensor chain. The connection then repairs itself: it fails over between endpoints, drops sockets
 * that went silent and follows runtime upgrades.
 *
 * @throws ChainError `disconnected` where no endpoint answers, `wrong-chain` where only another chain does
 */
export async function connectChain(options: ConnectOptions): Promise<Chain> {
  const { endpoints, timeoutMs = 20_000, connectTimeoutMs = 30_000, heartbeatMs = 15_000, attemptMs = 8_000 } = options
  const provider = new SocketProvider({
    endpoints,
    timeoutMs,
    attemptMs,
    heartbeatMs,
    genesisHash: options.genesisHash,
  })
  const api = new ApiPromise({ provider, signedExtensions, noInitWarn: true, throwOnConnect: false })
  // @polkadot/api also rejects a promise at the first failed attempt, while the provider goes on trying.
  api.isReadyOrError.catch(() => undefined)
  await provider.connect()
  try {
    await Promise.race([
      deadline(api.isReady, connectTimeoutMs),
      firstFailure(provider, endpoints.length * (options.connectRounds ?? Number.POSITIVE_INFINITY)),
    ])
  } catch (error) {
    const failure = unreachable(provider, endpoints, error)
    await api.disconnect()
    throw failure
  }
  return {
    api,
    endpoints,
    timeoutMs,
    send: (method, params) => provider.send(method, [...params]),
    async subscribe(type, method, params, listener) {
      const id = await provider.subscribe(type, method, [...params], (error, result) => {
        if (error === null) listener(result)
      })
      const ending = method.replace('_subscribe', '_unsubscribe').replace('submitAndWatch', 'unwatch')
      return () => void provider.unsubscribe(type, ending, id).catch(() => undefined)
    },
    onConnection(listener) {
      const offs = [provider.on('connected', () => listener(true)), provider.on('disconnected', () => listener(false))]
      return () => {
        for (const off of offs) off()
      }
    },
    close: () => api.disconnect(),
  }
}

/** Rejects when so many attempts have failed; never resolves. */
function firstFailure(provider: SocketProvider, attempts: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    provider.on('error', () => {
      if (provider.failures >= attempts) reject(late)
    })
  })
}

function unreachable(provider: SocketProvider, endpoints: readonly string[], cause: unknown): ChainError {
  const { wrongChain, lastFailure } = provider
  if (wrongChain !== undefined) {
    return new ChainError(
      `the chain at ${endpoints.join(', ')} is another one: its genesis is ${wrongChain.found}`,
      { code: 'wrong-chain', ...wrongChain },
      { mend: 'check --subtensor.network and --subtensor.chain_endpoint', cause },
    )
  }
  const why = lastFailure ?? 'a node answers, but its metadata could not be loaded in time'
  return new ChainError(
    `no chain answers: ${why}`,
    { code: 'disconnected', endpoints },
    { mend: 'start one with faculty localnet, or give its address with --subtensor.chain_endpoint', cause },
  )
}

/** @throws ChainError `timeout` when the promise has not settled in time */
export async function withTimeout<T>(chain: Pick<Chain, 'timeoutMs'>, what: string, promise: Promise<T>): Promise<T> {
  try {
    return await deadline(promise, chain.timeoutMs)
  } catch (error) {
    throw error === late ? lateAnswer(chain, what) : error
  }
}

export function lateAnswer({ timeoutMs }: Pick<Chain, 'timeoutMs'>, what: string): ChainError {
  return new ChainError(
    `${what}: no answer from the chain within ${timeoutMs} ms`,
    { code: 'timeout', what, afterMs: timeoutMs },
    { mend: 'the node may be overloaded or gone; several may be given in --subtensor.chain_endpoint' },
  )
}

const late = new Error('too late')

async function deadline<T>(promise: Promise<T>, afterMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(late), afterMs)
        // Where another failure wins a race against this one, a program must be able to end before the time is up.
        timer.unref()
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
