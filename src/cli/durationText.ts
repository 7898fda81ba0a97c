const units: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
]

/** A duration as people say it, in its two largest units: `3 d 4 h`, `12 min 5 s`, `0 s`. */
export function durationText(ms: number): string {
  const first = units.findIndex(([, size]) => ms >= size)
  if (first === -1) return '0 s'
  let rest = ms
  return units
    .slice(first, first + 2)
    .map(([name, size]) => {
      const count = Math.floor(rest / size)
      rest -= count * size
      return count === 0 ? '' : `${count} ${name}`
    })
    .filter((text) => text !== '')
    .join(' ')
}
