import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import Database from 'libsql'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Traffic } from '../../../../src/gateway/traffic.ts'
import { pairFromUri } from '../../../../src/keys/derive.ts'
import * as ed25519 from '../../../../src/keys/ed25519.ts'
import { toHex } from '../../../../src/keys/hex.ts'
import { addServed, servedFactor, servedWindow } from '../../../../src/validator/scoring/servedFactor.ts'
import { followTraffic } from '../../../../src/validator/traffic/followTraffic.ts'
import { fetchTraffic, servedIn } from '../../../../src/validator/traffic/readTraffic.ts'
import { openTrafficTable, trafficTables } from '../../../../src/validator/traffic/trafficTable.ts'
import { type Receipt, receiptText } from '../../../../src/wire/receipt.ts'
import { identity, memoryLog, scratchFolder } from '../scratch.ts'

const { genesis, netuid } = identity
const pair = ed25519.pairFromSeed(new Uint8Array(32).fill(7))
const miner = (await pairFromUri('//Bob')).address
const gone = (await pairFromUri('//Charlie')).address
const caller = (await pairFromUri('//Gateway')).address

function receipt(fields: Partial<Receipt> = {}): Receipt {
  const unsigned = {
    version: 1 as const,
    miner,
    caller,
    genesis,
    netuid,
    requestId: 'r:1',
    domain: 'law',
    requestHash: '01'.repeat(32),
    settingsHash: '02'.repeat(32),
    modelFingerprint: '03'.repeat(32),
    answerHash: '05'.repeat(32),
    traceHash: '04'.repeat(32),
    promptTokens: 12,
    completionTokens: 5,
    issuedAtMs: 1_764_000_000_000,
    ...fields,
  }
  const signature = toHex(ed25519.sign(pair, new TextEncoder().encode(receiptText(unsigned)))).slice(2)
  return { ...unsigned, signature }
}

const answered = { hotkey: miner, domain: 'law', outcome: 'answered', elapsedMs: 12 }
const world = {
  genesis,
  netuid,
  publicKeyOf: (hotkey: string) => (hotkey === miner ? pair.publicKey : undefined),
}

test('an answer counts with a receipt of the miner alone; a failure counts against it; who is gone does not count', () => {
  const good = receipt()
  const entries = [
    { ...answered, receipt: good },
    { ...answered, receipt: { ...good, signature: '00'.repeat(64) } },
    { ...answered, receipt: receipt({ netuid: netuid + 1 }) },
    { ...answered, receipt: receipt({ miner: gone }) },
    { ...answered, receipt: receipt({ domain: 'medicine' }) },
    answered,
    { ...answered, outcome: 'timeout' },
    { ...answered, hotkey: gone, outcome: 'timeout' },
  ].map((entry, id) => ({ id, ...entry }))
  expect(servedIn(entries, world)).toEqual([
    { hotkey: miner, good: true },
    { hotkey: miner, good: false },
  ])
})

test('a gateway is read to its end, over pages, restarts of either side and absences, and nothing counts twice', async () => {
  let traffic = new Traffic()
  let isOut = false
  const server = createServer((request, response) => {
    const after = new URL(request.url!, 'http://here').searchParams.get('after')
    if (isOut) response.writeHead(503).end()
    else response.end(JSON.stringify(traffic.page(Number(after))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const path = `${scratchFolder()}/traffic.db`
  const open = (isNew: boolean): Database.Database => {
    const database = new Database(path)
    if (isNew) database.exec(trafficTables)
    onTestFinished(() => void database.close())
    return database
  }
  const { log, lines } = memoryLog()
  const readUntil = async (table: ReturnType<typeof openTrafficTable>, good: number, bad: number): Promise<void> => {
    const stop = new AbortController()
    const following = followTraffic({ url, table, world, everyMs: 5, log, signal: stop.signal })
    await expect.poll(() => table.served.get(miner), { timeout: 10_000 }).toEqual({ good, bad })
    stop.abort()
    await following
  }
  const add = (count: number, isGood: boolean): void => {
    const more = isGood ? { receipt: receipt() } : { outcome: 'busy' }
    for (let i = 0; i < count; i++) traffic.add({ ...answered, ...more })
  }
  const first = openTrafficTable(open(true))
  add(150, true)
  add(3, false)
  await readUntil(first, 150, 3)
  // The validator starts anew, the gateway goes on.
  const second = openTrafficTable(open(false))
  add(7, true)
  isOut = true
  setTimeout(() => {
    isOut = false
  }, 50)
  await readUntil(second, 157, 3)
  expect(lines.filter(({ level }) => level === 40)).toHaveLength(1)
  // The gateway starts anew.
  traffic = new Traffic()
  add(2, false)
  await readUntil(second, 157, 5)
})

test('a gateway that tells the same again and again is not believed twice, nor asked without a pause', async () => {
  const traffic = new Traffic()
  for (let i = 0; i < 3; i++) traffic.add({ ...answered, outcome: 'busy' })
  let asked = 0
  const server = createServer((_request, response) => {
    asked++
    response.end(JSON.stringify(traffic.page()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const database = new Database(':memory:')
  database.exec(trafficTables)
  onTestFinished(() => void database.close())
  const table = openTrafficTable(database)
  const stop = new AbortController()
  const following = followTraffic({ url, table, world, everyMs: 100, log: memoryLog().log, signal: stop.signal })
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThanOrEqual(3)
  stop.abort()
  await following
  expect(table.served.get(miner)).toEqual({ good: 0, bad: 3 })
  expect(asked).toBeLessThan(10)
})

test('a page without an end is not read to it, and what reads pages leaves nothing at the stop signal', async () => {
  const piece = Buffer.alloc(1024 * 1024, ' ')
  let sent = 0
  const server = createServer((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(piece)) sent += piece.length
    }
    response.on('drain', more)
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = new AbortController()
  const joined = vi.spyOn(AbortSignal, 'any')
  onTestFinished(() => joined.mockRestore())
  await expect(fetchTraffic(url, -1, stop.signal)).rejects.toThrow(/traffic at .* more than 8388608 bytes/)
  expect(sent).toBeLessThan(64 * 1024 * 1024)
  expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  expect(joined).not.toHaveBeenCalled()
})

test('a page holds the oldest that are new, and what was asked long ago is forgotten', () => {
  const traffic = new Traffic()
  for (let i = 0; i < 5_000; i++) traffic.add({ ...answered, outcome: 'busy' })
  const ids = (after?: number): number[] => traffic.page(after).entries.map(({ id }) => id)
  expect(ids()[0]).toBe(5_000 - 4_096)
  expect(ids(4_990)).toEqual([4_991, 4_992, 4_993, 4_994, 4_995, 4_996, 4_997, 4_998, 4_999])
  expect(ids(4_999)).toEqual([])
})

test('few failures among few asks cost little, always failing costs nearly all, and no traffic costs nothing', () => {
  expect(servedFactor({ good: 0, bad: 0 })).toBe(1)
  expect(servedFactor({ good: 9, bad: 1 })).toBeGreaterThan(0.95)
  expect(servedFactor({ good: 0, bad: 50 })).toBeLessThan(0.05)
  expect(servedFactor({ good: 100, bad: 100 })).toBeLessThan(0.56)
})

test('the factor stays in its range, rises with answers and falls with failures; old asks fade', () => {
  const count = fc.record({ good: fc.nat(300), bad: fc.nat(300) })
  fc.assert(
    fc.property(count, (before) => {
      const now = servedFactor(before)
      expect(now).toBeGreaterThanOrEqual(0)
      expect(now).toBeLessThanOrEqual(1)
      expect(servedFactor({ ...before, good: before.good + 1 })).toBeGreaterThanOrEqual(Math.min(now, 1) - 0.02)
      expect(servedFactor({ ...before, bad: before.bad + 1 })).toBeLessThanOrEqual(now)
    }),
  )
  let served = { good: 0, bad: 0 }
  for (let i = 0; i < 1_000; i++) served = addServed(served, false)
  expect(served.bad).toBeCloseTo(servedWindow, 6)
  for (let i = 0; i < 3 * servedWindow; i++) served = addServed(served, true)
  expect(served.bad).toBeLessThan(servedWindow / 10)
})
