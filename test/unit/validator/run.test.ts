import { join } from 'node:path'
import Database from 'libsql'
import { expect, test, vi } from 'vitest'
import { ChainError } from '../../../src/chain/chainError.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner } from '../../../src/keys/signer.ts'
import { runValidator } from '../../../src/validator/run.ts'
import { openStore } from '../../../src/validator/store.ts'
import { identity, memoryLog, scratchFolder } from './scratch.ts'

const { genesis, netuid, hotkey } = identity

/** A chain that says nothing of its own accord. */
const silentChain = {
  api: { genesisHash: { toHex: () => genesis } },
  endpoints: ['ws://127.0.0.1:1'],
  subscribe: () => Promise.resolve(() => undefined),
  onConnection: () => () => undefined,
  close: () => Promise.resolve(),
}
vi.mock('../../../src/chain/connect.ts', () => ({ connectChain: () => Promise.resolve(silentChain) }))
const failures: ChainError[] = []
let onRead = (): void => undefined
vi.mock('../../../src/chain/getMetagraph.ts', () => ({
  getMetagraph: () => {
    onRead()
    if (failures.length > 0) return Promise.reject(failures.shift()!)
    return Promise.resolve({ netuid, block: 5, tempoBlocks: 10, ownerHotkey: '', neurons: [{ uid: 0, hotkey }] })
  },
}))

const rounds = {
  ...{ tasks: 1, pauseMs: 1, askTimeoutMs: 100, perMiner: 1, concurrency: 1, longestMs: 100 },
  ...{ groupSize: 1, covertShare: 0 },
}

/** Intervals that would keep the process running when the validator has ended. */
async function intervalsLeft(databasePath: string, stop: AbortSignal): Promise<{ left: number; error: unknown }> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const signer = localSigner(await pairFromUri('//Alice'))
    const { log } = memoryLog()
    const common = { endpoints: [], netuid, signer, validators: [], idle: true, rounds, databasePath, log, stop }
    const error = await runValidator(common).catch((thrown: unknown) => thrown)
    return { left: vi.getTimerCount(), error }
  } finally {
    vi.useRealTimers()
  }
}

test('a stop that comes while the validator starts ends all of it', async () => {
  const stop = new AbortController()
  onRead = () => stop.abort()
  expect(await intervalsLeft(join(scratchFolder(), 'scores.db'), stop.signal)).toEqual({ left: 0, error: undefined })
  expect(stop.signal.aborted).toBe(true)
})

test('a disk that takes nothing at the start ends all of it too', async () => {
  const path = join(scratchFolder(), 'scores.db')
  openStore(path, identity).close()
  const database = new Database(path)
  database.exec("CREATE TRIGGER full BEFORE INSERT ON notes BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
  database.close()
  const { left, error } = await intervalsLeft(path, new AbortController().signal)
  expect(String(error)).toContain('disk is full')
  expect(left).toBe(0)
})

test('a chain that is lost between its first answer and the metagraph is waited for; a subnet that is not there is an error', async () => {
  const stop = new AbortController()
  const path = join(scratchFolder(), 'scores.db')
  failures.push(new ChainError('no answer', { code: 'timeout', what: 'state_queryStorageAt', afterMs: 20_000 }))
  let reads = 0
  onRead = () => {
    if (++reads === 2) stop.abort()
  }
  expect(await intervalsLeft(path, stop.signal)).toEqual({ left: 0, error: undefined })
  expect(reads).toBe(2)
  onRead = () => undefined
  failures.push(new ChainError('subnet 1 does not exist', { code: 'not-found', what: 'subnet 1' }))
  const { error } = await intervalsLeft(path, new AbortController().signal)
  expect(String(error)).toContain('does not exist')
})
