import { messageOf } from '../../../src/base/errors.ts'
import { table } from '../../../src/cli/table.ts'
import { type AttackReport, attackNames, attackReport } from './report.ts'

// `npm run attacks [-- NAME ...] [--json]`: plays the attacks on localnets of their own and prints what each earned, with
// its defence and without; with --json one object as the last line too. A target that was missed is a finding, not a
// failure: the exit code is 0 either way.

const words = process.argv.slice(2)
const names = words.filter((word) => word !== '--json')
const unknown = names.filter((name) => !attackNames.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`usage: npm run attacks [-- ${attackNames.join('|')} ...] [--json]\n`)
  process.exit(2)
}
try {
  const report = await attackReport(names.length === 0 ? attackNames : names, (what) => {
    process.stderr.write(`playing: ${what}\n`)
  })
  process.stdout.write(`${textOf(report).join('\n\n')}\n`)
  if (words.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`)
  process.exit(0)
} catch (error) {
  process.stderr.write(`attacks: ${messageOf(error)}\n`)
  process.exit(1)
}

function textOf({ attacks, swap, weightCopying }: AttackReport): string[] {
  const blocks: string[] = []
  if (attacks.length > 0) {
    const header = ['attack', 'defence', 'share', 'of honest', 'after', 'share without', 'of honest', 'at most', 'ok']
    const rows = attacks.map(({ attack, defence, with: earned, after, without, most, ok }) => [
      attack,
      defence,
      percent(earned.share),
      earned.times.toFixed(2),
      after === null ? '' : after.toFixed(0),
      without === null ? '' : percent(without.share),
      without === null ? '' : without.times.toFixed(2),
      most === null ? '' : String(most),
      most === null ? '' : ok ? 'yes' : 'no',
    ])
    blocks.push(table(header, rows))
  }
  if (swap !== undefined) {
    const { epochsOfExpertPay, epochsUntilNoticed, asksAnEpoch } = swap
    blocks.push(
      `A model swapped for a cheaper one, at ${asksAnEpoch.toFixed(0)} questions an epoch: paid less after ` +
        `${epochsUntilNoticed} epochs; gained ${epochsOfExpertPay.toFixed(1)} epochs of an expert's pay`,
    )
  }
  if (weightCopying !== undefined) {
    const rows = weightCopying.map(({ power, revealEpochs, fromTheStart, settled }) => [
      String(power),
      revealEpochs === 0 ? 'open' : String(revealEpochs),
      fromTheStart.toFixed(3),
      settled.toFixed(3),
    ])
    const header = ['power', 'reveal epochs', 'from the start', 'settled']
    blocks.push(`A validator that copies weights: dividends per stake, an honest one has 1\n${table(header, rows)}`)
  }
  return blocks
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}
