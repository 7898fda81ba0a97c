/** Text that may be shown, and whether a stop string has been met. */
export interface Cut {
  readonly text: string
  readonly stopped: boolean
}

/** Finds the first stop string in streamed text and never lets a part of one out. */
export interface StopFilter {
  /** @returns what of the text so far can be shown now; after `stopped` nothing more may be added */
  add(text: string): Cut
  /** What was held back because it could have become a stop string. */
  rest(): string
}

/** @param stops non-empty strings; where several match, the one that starts first ends the text */
export function makeStopFilter(stops: readonly string[]): StopFilter {
  let held = ''
  return {
    add: (text) => {
      held += text
      const found = stops.map((stop) => held.indexOf(stop)).filter((place) => place !== -1)
      const stopped = found.length > 0
      const end = stopped ? Math.min(...found) : held.length - longestStart(held, stops)
      const shown = held.slice(0, end)
      held = stopped ? '' : held.slice(end)
      return { text: shown, stopped }
    },
    rest: () => held,
  }
}

/** Length of the longest end of `text` that a stop string starts with. */
function longestStart(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}
