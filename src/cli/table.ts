import { withoutControls } from '../base/withoutControls.ts'

/**
 * Rows as aligned columns under a header. Numbers (and amounts) lean right.
 *
 * @param texts cells already formatted, of whatever a chain or miner says; every row as long as the header
 */
export function table(header: readonly string[], texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map((cell) => withoutControls(cell.replaceAll(/[\n\t]/g, ' '))))
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => [...(row[column] ?? '')].length)),
  )
  const leansRight = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[-τα]?[\d.,]*%?$/.test(row[column] ?? '')),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, widths[column]! - [...cell].length))
        return leansRight[column] ? padding + cell : cell + padding
      })
      .join('  ')
      .trimEnd()
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n')
}

/** A fraction of 65535, as the chain keeps most of them, between 0 and 1. */
export function fraction(u16: number): string {
  return (u16 / 65535).toFixed(4)
}

/** A share in [0, 1] for people; `-` where there is none. */
export function percent(share: number | undefined, digits = 1): string {
  return share === undefined ? '-' : `${(100 * share).toFixed(digits)}%`
}

/** An object for programs; bigints as decimal strings. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? inner.toString() : inner))
}
