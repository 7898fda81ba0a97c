import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError, messageOf } from '../base/errors.ts'
import { withoutControls } from '../base/withoutControls.ts'
import { type ReplayedCase, type ReplayedEpoch, type ReplayReport, replay } from '../yuma/replay.ts'
import { vectorFormat } from '../yuma/vectorFile.ts'
import { defineCommand } from './command.ts'
import { needed } from './openKeys.ts'
import { json } from './settings.ts'
import { jsonText, table } from './table.ts'

/** Enough to see what is wrong; `--json` has all. */
const differencesShown = 10

export const command = defineCommand({
  summary: `Runs Yuma epochs of a file offline and compares them with what it states.
The file has the format ${vectorFormat}; its cases of kind epoch and epoch-sequence are run. Exit code 1 where
something differs.`,
  settings: {
    input: setting(z.string().optional(), { help: 'the file; - is standard input', short: 'i', takes: 'FILE' }),
    ...json,
  },
  run: async ({ values }, io) => {
    const path = needed(values.input, '--input', `give a file of the format ${vectorFormat}`)
    const report = replay(parsedFile(path))
    if (values.json) io.print(jsonText(report))
    else for (const block of forPeople(report)) io.print(withoutControls(block))
    return report.equal === false ? 1 : 0
  },
})

function parsedFile(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw new InputError('--input', path, `it cannot be read: ${messageOf(error)}`, { cause: error })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError('--input', path, `it is not JSON: ${messageOf(error)}`, { cause: error })
  }
}

function forPeople(report: ReplayReport): string[] {
  const blocks = report.cases.flatMap(caseBlocks)
  const skipped = report.skipped === 0 ? '' : `, ${report.skipped} of other kinds not run`
  const verdict =
    report.equal === null
      ? 'the file states no outputs to compare with'
      : report.equal
        ? 'all outputs that the file states are equal'
        : `${report.cases.filter((one) => one.kind !== 'skipped' && one.equal === false).length} differ`
  return [...blocks, `${report.run} cases run${skipped}: ${verdict}`]
}

function caseBlocks(one: ReplayedCase): string[] {
  if (one.kind === 'skipped') return []
  if (one.kind === 'epoch') return [epochBlock(one.name, one)]
  return one.steps.map((step, k) => epochBlock(`${one.name}, step ${k}`, step))
}

function epochBlock(name: string, { out, equal, differences }: ReplayedEpoch): string {
  const verdict = equal === null ? '' : equal ? ': equal' : ': DIFFERENT'
  const rows = out.active.map((active, uid) => [
    String(uid),
    String(active),
    String(out.validator_permit[uid]),
    out.stake[uid]!,
    ...[out.stake_weight, out.consensus, out.incentive, out.dividends, out.validator_trust].map((values) =>
      String(values[uid]),
    ),
    out.server_emission[uid]!,
    out.validator_emission[uid]!,
    out.emission[uid]!,
  ])
  const bonds = out.bonds.flatMap((row, uid) =>
    row.length === 0 ? [] : [`  bonds of uid ${uid}: ${row.map(([column, value]) => `${column}:${value}`).join(' ')}`],
  )
  const listed = differences
    .slice(0, differencesShown)
    .map(({ field, expected, got }) => `  ${field}: the file states ${expected}, got ${got}`)
  const more = differences.length - listed.length
  return [
    `${name}${verdict}`,
    table(['uid', ...columns], rows),
    ...bonds,
    ...listed,
    ...(more > 0 ? [`  and ${more} more differences; --json lists all`] : []),
    '',
  ].join('\n')
}

/** Names of `yuma-vectors/1`. */
const columns = [
  'active',
  'validator_permit',
  'stake',
  'stake_weight',
  'consensus',
  'incentive',
  'dividends',
  'validator_trust',
  'server_emission',
  'validator_emission',
  'emission',
]
