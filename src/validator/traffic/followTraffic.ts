import { messageOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import { sleep } from '../../base/sleep.ts'
import type { TrafficEntry } from '../../wire/traffic.ts'
import { fetchTraffic, servedIn, type TrafficWorld } from './readTraffic.ts'
import type { TrafficTable } from './trafficTable.ts'

export interface FollowTrafficOptions {
  /** Of the gateway's status port. */
  readonly url: string
  readonly table: TrafficTable
  readonly world: TrafficWorld
  readonly everyMs?: number
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Reads a gateway's traffic now and then until the signal fires, and counts how each miner serves app builders. A gateway
 * that cannot be read is told once, and tried again.
 *
 * @throws what the disk throws
 */
export async function followTraffic(options: FollowTrafficOptions): Promise<void> {
  const { url, table, world, everyMs = 5_000, log, signal } = options
  let told = false
  while (!signal.aborted) {
    const before = table.place
    let page: Awaited<ReturnType<typeof fetchTraffic>> | undefined
    try {
      page = await fetchTraffic(url, before?.after ?? -1, signal)
      // Another start of the gateway counts from 0 again.
      if (before !== undefined && page.run !== before.run) page = await fetchTraffic(url, -1, signal)
      told = false
    } catch (error) {
      if (!told && !signal.aborted) log.warn(messageOf(error))
      told = true
    }
    if (signal.aborted) return
    const isNew = ({ id }: TrafficEntry): boolean => page?.run !== before?.run || id > before!.after
    const entries = page?.entries.filter(isNew) ?? []
    const last = entries.at(-1)
    if (page === undefined || last === undefined) {
      await sleep(everyMs, signal)
      continue
    }
    table.add(servedIn(entries, world), { run: page.run, after: last.id })
  }
}
