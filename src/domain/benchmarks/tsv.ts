import { InputError } from '../../base/errors.ts'

/** Cells by column name, and the line at which the row begins. */
export interface Row {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/**
 * Tab-separated values under a header, as pandas writes them: a cell in double quotes may hold tabs and line breaks, `""`
 * in it is a quote. A quote anywhere else is a character like any other.
 *
 * @param file leads the errors
 * @throws InputError naming file, line, column and mend
 */
export function parseTsv(text: string, file: string): Row[] {
  const lines = cellsOf(text, file)
  const header = lines[0]
  if (header === undefined) throw new InputError(`${file}:1`, text, 'the first line must name the columns')
  const names = header.cells
  const twice = names.find((name, column) => names.indexOf(name) !== column)
  if (twice !== undefined) throw new InputError(`${file}:1: ${twice}`, twice, 'name each column once')
  return lines.slice(1).map(({ line, cells }) => {
    if (cells.length === names.length) {
      return { line, cells: Object.fromEntries(names.map((name, column) => [name, cells[column]!])) }
    }
    const missing = names[cells.length]
    const mend = `give ${names.length} cells with tabs between them, as the header has; a cell with a tab needs quotes`
    throw new InputError(`${file}:${line}: ${missing ?? `cell ${names.length + 1}`}`, missing && cells.length, mend)
  })
}

function cellsOf(text: string, file: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let [line, at] = [1, 0]
  while (at < text.length) {
    const startLine = line
    const cells: string[] = []
    for (;;) {
      const quotesEnd = text[at] === '"' ? closingQuote(text, at) : at
      if (quotesEnd === undefined)
        throw new InputError(`${file}:${line}`, text.slice(at), 'the quotes are never closed')
      const quoted = quotesEnd === at ? '' : text.slice(at + 1, quotesEnd - 1)
      line += quoted.split('\n').length - 1
      // What stands behind the quotes is taken as it is.
      at = endOfCell(text, quotesEnd)
      cells.push(quoted.replaceAll('""', '"') + text.slice(quotesEnd, at))
      if (text[at] === '\t') {
        at++
        continue
      }
      if (text[at] === '\r') at++
      at++
      line++
      break
    }
    // A blank line is no row.
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: startLine, cells })
  }
  return rows
}

/** Where the cell's text goes on behind its last quote. */
function closingQuote(text: string, start: number): number | undefined {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return undefined
    if (text[quote + 1] !== '"') return quote + 1
    at = quote + 2
  }
}

function endOfCell(text: string, start: number): number {
  const end = /[\t\n]|\r\n/g
  end.lastIndex = start
  return end.exec(text)?.index ?? text.length
}
