import { formatTokens } from '../../base/units.ts'
import { percent, table } from '../table.ts'
import type { NeuronRow } from './report.ts'

export interface Scene {
  readonly title: readonly string[]
  readonly block: number
  readonly tempoBlocks: number
  readonly blocksToEpoch: number | undefined
  readonly epochs: number
  readonly epochsWanted: number | undefined
  readonly inFlight: number
  readonly answers: { readonly sent: number; readonly scored: number; readonly failed: number }
  readonly rows: readonly NeuronRow[]
  /** Newest last. */
  readonly notes: readonly string[]
}

const u16Max = 65_535
const barCells = 24
const shownNotes = 6

/** The whole screen as lines. */
export function sceneText(scene: Scene): string {
  const { block, tempoBlocks, blocksToEpoch, answers, epochs, epochsWanted } = scene
  const done = blocksToEpoch === undefined || tempoBlocks === 0 ? 0 : 1 - blocksToEpoch / tempoBlocks
  const filled = Math.max(0, Math.min(barCells, Math.round(done * barCells)))
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}`
  const next = blocksToEpoch === undefined ? 'no epoch due' : `epoch in ${blocksToEpoch} blocks`
  const counted = epochsWanted === undefined ? `${epochs}` : `${epochs} of ${epochsWanted}`
  return [
    ...scene.title,
    '',
    `block ${block}  ${bar}  ${next}  counted epochs ${counted}`,
    `answers: ${answers.scored} scored, ${answers.failed} failed, ${scene.inFlight} in flight`,
    '',
    neuronTable(scene.rows),
    '',
    ...scene.notes.slice(-shownNotes),
  ].join('\n')
}

/** The neurons for people: shares in percent, amounts in alpha. */
export function neuronTable(rows: readonly NeuronRow[]): string {
  return table(
    ['uid', 'name', 'role', 'domains', 'answers', 'score', 'incentive', 'dividends', 'emission', 'stake'],
    rows.map((row) => [
      String(row.uid),
      row.name,
      row.role,
      row.domains.join(' '),
      String(row.answers),
      row.role === 'miner' ? row.score.toFixed(3) : '',
      percent(row.incentive / u16Max),
      percent(row.dividends / u16Max),
      formatTokens(row.emissionRao, 'α'),
      formatTokens(row.stakeRao, 'α'),
    ]),
  )
}

/** Draws a text in place of the one before, line by line, so that nothing flickers. */
export function makePainter(out: { write(text: string): void; readonly rows: number; readonly columns: number }): {
  paint(text: string): void
  end(): void
} {
  let isFirst = true
  return {
    paint(text) {
      const lines = text.split('\n').slice(0, out.rows - 1)
      const fitted = lines.map((line) => `${[...line].slice(0, out.columns - 1).join('')}\x1b[K`)
      // The alternate screen keeps what the terminal held before.
      out.write(`${isFirst ? '\x1b[?1049h\x1b[?25l\x1b[2J' : ''}\x1b[H${fitted.join('\n')}\x1b[J`)
      isFirst = false
    },
    end() {
      if (!isFirst) out.write('\x1b[?25h\x1b[?1049l')
      isFirst = true
    },
  }
}
