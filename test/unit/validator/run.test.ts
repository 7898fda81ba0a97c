import { join } from 'node:path'
import Database from 'libsql'
import { expect, test, vi } from 'vitest'
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
let onRead = (): void => undefined
vi.mock('../../../src/chain/getMetagraph.ts', () => ({
  getMetagraph: () => {
    onRead()
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
