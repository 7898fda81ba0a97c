import type { CommandIo } from '../command.ts'
import { makePainter } from './view.ts'

/** Where progress goes: a picture that is drawn anew on a terminal, readable lines elsewhere. */
export interface Screen {
  readonly isLive: boolean
  /** The newest lines, oldest first. */
  readonly notes: readonly string[]
  note(text: string): void
  paint(text: string): void
  /** Gives the terminal back. */
  end(): void
}

const keptNotes = 100

/** @param isJson lines go to standard error, so that standard output holds nothing but the result */
export function makeScreen(io: CommandIo, isJson: boolean): Screen {
  const isLive = io.isTerminal && !isJson
  const painter = makePainter({
    write: (text) => void process.stdout.write(text),
    get rows() {
      return process.stdout.rows ?? 40
    },
    get columns() {
      return process.stdout.columns ?? 120
    },
  })
  const notes: string[] = []
  let isPainted = false
  return {
    isLive,
    notes,
    note: (text) => {
      notes.push(text)
      if (notes.length > keptNotes) notes.shift()
      // Before the first picture there is nothing that a line could spoil.
      if (!isPainted) (isJson ? io.note : io.print)(text)
    },
    paint: (text) => {
      isPainted = true
      painter.paint(text)
    },
    end: () => painter.end(),
  }
}
