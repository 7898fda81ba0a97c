import type { AxonEvent } from '../axon/axonEvent.ts'

/** What one hotkey has asked since the miner's start. */
export interface RecentCaller {
  readonly hotkey: string
  readonly answered: number
  readonly unanswered: number
  /** Unix time of the last ask's end, answered or not. */
  readonly lastAtMs: number
  /** Why the last one that was not answered was not. */
  readonly lastError?: string
}

/** More are forgotten, the ones longest silent first: hotkeys come and go on a subnet, a miner stays. */
const maxCallers = 512

/** Who asks a miner, when and how often. @returns newest first with `list` */
export function makeRecentCallers(nowMs: () => number = Date.now) {
  const callers = new Map<string, RecentCaller>()
  return {
    onEvent: (event: AxonEvent): void => {
      if (event.type !== 'answered' && event.type !== 'unanswered') return
      const { hotkey } = event
      const before = callers.get(hotkey) ?? { hotkey, answered: 0, unanswered: 0 }
      // Put in anew, so that the map's order is that of the last asks.
      callers.delete(hotkey)
      callers.set(hotkey, {
        ...before,
        answered: before.answered + (event.type === 'answered' ? 1 : 0),
        unanswered: before.unanswered + (event.type === 'unanswered' ? 1 : 0),
        lastAtMs: nowMs(),
        ...(event.type === 'unanswered' && { lastError: event.code }),
      })
      if (callers.size > maxCallers) callers.delete(callers.keys().next().value!)
    },
    list: (): RecentCaller[] => [...callers.values()].reverse(),
  }
}
