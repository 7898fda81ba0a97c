import { distance } from '../base/config.ts'
import type { CommandTable } from './command.ts'

/** Whether there are commands that begin with these words and more. */
export function isGroup(table: CommandTable, words: readonly string[]): boolean {
  return words.length > 0 && Object.keys(table).some((path) => path.startsWith(`${words.join(' ')} `))
}

/** What can be called, with a line on each, for all commands or for one group of them. */
export async function overview(table: CommandTable, group: readonly string[] = []): Promise<string> {
  const prefix = group.map((word) => `${word} `).join('')
  const paths = Object.keys(table).filter((path) => path.startsWith(prefix))
  const rows = await Promise.all(
    paths.map(async (path) => [path, firstSentence((await table[path]!()).command.summary)] as const),
  )
  const width = Math.max(...paths.map((path) => path.length))
  const sizeOf = (word: string): number => paths.filter((path) => path.startsWith(`${word} `)).length
  let last = ''
  const lines = rows.flatMap(([path, summary]) => {
    const line = `  faculty ${path.padEnd(width)}  ${summary}`
    const first = path.split(' ')[0]!
    // A blank line between groups of the whole list; single commands stand together.
    const gap = group.length === 0 && last !== '' && first !== last && (sizeOf(first) > 1 || sizeOf(last) > 1)
    last = first
    return gap ? ['', line] : [line]
  })
  const title =
    group.length === 0 ? 'Faculty: a Bittensor-style subnet in one package.' : `faculty ${group.join(' ')}: commands`
  return `${title}\n\n${lines.join('\n')}\n\nEach takes --help.\n`
}

/** The command or group that somebody who typed these words probably meant. */
export function nearestCommand(table: CommandTable, words: readonly string[]): string | undefined {
  const typed = words.join(' ')
  const paths = Object.keys(table)
  const groups = paths.filter((path) => path.includes(' ')).map((path) => path.split(' ')[0]!)
  const candidates = [...paths, ...new Set(groups)].map((path) => [distance(path, typed), path] as const)
  const [steps, path] = candidates.sort(([a], [b]) => a - b)[0] ?? [Number.POSITIVE_INFINITY, '']
  // Half of what was typed must be right, or any short command would be near any short word.
  return steps <= Math.min(3, (typed.length - 1) / 2) ? path : undefined
}

/** What follows the first sentence, or the first line, belongs to the command's own help. */
function firstSentence(summary: string): string {
  return /^.*?\.(?=\s|$)|^.*$/m.exec(summary)![0]
}
