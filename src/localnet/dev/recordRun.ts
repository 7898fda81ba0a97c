import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { parseInput } from '../../base/parse.ts'
import type { JournalEntry } from '../journal.ts'
import type { LocalNode } from '../node.ts'
import { dispatchError } from '../scale/chainTypes.ts'
import { decode, encode } from '../scale/types.ts'
import { type Dump, dumpSchema, dumpState, loadState } from './dump.ts'
import { ReplayError } from './replayError.ts'

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/, 'give 0x and lower-case hex of whole bytes')

const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('block'),
    number: z.number().int(),
    timestampMs: z.number().int(),
    extrinsics: z.array(hex),
    stateRoot: hex,
  }),
  z.object({ kind: z.literal('edit'), changes: z.array(z.tuple([hex, hex.nullable()])) }),
  z.object({ kind: z.literal('fail'), errors: z.array(hex) }),
])

/** A run as JSON: where it began, and everything that moved the chain on, in order. */
export const runSchema = z.object({
  format: z.literal('faculty-localnet-run', 'not a recorded run: make one with faculty localnet record'),
  version: z.literal(1, 'a run of another release: record it anew'),
  start: dumpSchema,
  entries: z.array(entrySchema),
})

export type RecordedRun = z.output<typeof runSchema>
type Entry = RecordedRun['entries'][number]

interface Recording {
  readonly start: Dump
  readonly entries: Entry[]
  broken: boolean
  readonly stop: () => void
}

const recordings = new WeakMap<LocalNode, Recording>()

/** Begins to record: the state now, then every block with its extrinsics and every edit. @throws InputError where it does already */
export function startRecording(node: LocalNode): void {
  if (recordings.has(node)) throw new InputError('recording', 'on', 'stop the recording under way first')
  const recording: Recording = {
    start: dumpState(node),
    entries: [],
    broken: false,
    stop: node.onJournal((entry) => {
      if (entry.kind === 'break') recording.broken = true
      else recording.entries.push(asJson(entry))
    }),
  }
  recordings.set(node, recording)
}

/** Ends the recording. @throws InputError where there is none, or where the chain went back to a snapshot meanwhile */
export function stopRecording(node: LocalNode): RecordedRun {
  const recording = recordings.get(node)
  if (recording === undefined) throw new InputError('recording', 'off', 'start one first')
  recordings.delete(node)
  recording.stop()
  const { start, entries, broken } = recording
  if (broken) throw new InputError('recording', 'broken', 'do not revert or load a state while recording')
  return { format: 'faculty-localnet-run', version: 1, start, entries }
}

export interface Replayed {
  readonly blocks: number
  readonly extrinsics: number
  readonly number: number
  readonly stateRoot: string
}

/**
 * Goes the way of a recorded run again, from its beginning, in place of the node's own chain. Signatures were checked
 * when it was recorded.
 *
 * @throws ReplayError at the first block whose state root is another; InputError for what is no run of this release
 */
export function replayRun(node: LocalNode, given: unknown): Replayed {
  const run = parseInput(runSchema, given, 'run')
  loadState(node, run.start)
  let [blocks, extrinsics] = [0, 0]
  for (const entry of run.entries) {
    if (entry.kind === 'edit') {
      node.amend(new Map(entry.changes.map(([key, value]) => [key, value === null ? null : bytesOf(value)])))
    } else if (entry.kind === 'fail') {
      for (const error of entry.errors) node.failNext(decode(dispatchError, bytesOf(error)))
    } else {
      const { header } = node.produceGiven(entry.timestampMs, entry.extrinsics.map(bytesOf))
      blocks++
      extrinsics += entry.extrinsics.length
      if (header.state_root !== entry.stateRoot) throw differs(entry.number, entry.stateRoot, header.state_root)
    }
  }
  return { blocks, extrinsics, number: node.head.header.number, stateRoot: node.history.root }
}

function differs(block: number, expected: string, found: string): ReplayError {
  const text = `block ${block}: state root ${found}, recorded was ${expected}`
  const mend = 'the runtime behaves otherwise than when the run was recorded: compare the state of this block'
  return new ReplayError(text, { code: 'replay-differs', block, expected, found }, { mend })
}

const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const bytesOf = (text: string): Uint8Array => Buffer.from(text.slice(2), 'hex')

function asJson(entry: Exclude<JournalEntry, { kind: 'break' }>): Entry {
  switch (entry.kind) {
    case 'block':
      return { ...entry, extrinsics: entry.extrinsics.map(hexOf) }
    case 'edit':
      return {
        kind: 'edit',
        changes: Array.from(entry.changes, ([key, value]) => [key, value === null ? null : hexOf(value)]),
      }
    case 'fail':
      return { kind: 'fail', errors: entry.errors.map((error) => hexOf(encode(dispatchError, error))) }
  }
}
