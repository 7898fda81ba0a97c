import type { PendingCommit, WeightRow } from '../chain/getWeights.ts'
import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { neededNetuid } from './openKeys.ts'
import { chainSettings, json, oneNetuid } from './settings.ts'
import { jsonText, table } from './table.ts'

/** More columns than this do not fit a terminal; rows become lists then. */
const matrixColumns = 12

export const command = defineCommand({
  summary: 'Shows who weighs whom on a subnet, and commits that wait for their reveal.',
  settings: { ...oneNetuid, ...chainSettings, ...json },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const { rows, commits } = await withChain(values, async (chain) => {
      const { getPendingCommits, getWeights } = await import('../chain/getWeights.ts')
      const { needSubnet } = await import('../chain/needSubnet.ts')
      await needSubnet(chain, { netuid })
      const [found, pending] = await Promise.all([getWeights(chain, { netuid }), getPendingCommits(chain, { netuid })])
      return { rows: found, commits: pending }
    })
    io.print(values.json ? jsonText({ netuid, rows, commits }) : forPeople(netuid, rows, commits))
    return 0
  },
})

function forPeople(netuid: number, rows: readonly WeightRow[], commits: readonly PendingCommit[]): string {
  const weighed = [...new Set(rows.flatMap(({ weights }) => weights.map(([uid]) => uid)))].sort((a, b) => a - b)
  const shown =
    rows.length === 0
      ? `No weights are set on subnet ${netuid}.`
      : `Weights on subnet ${netuid}: share of each validator's row that goes to a uid\n\n${
          weighed.length <= matrixColumns ? matrix(rows, weighed) : lists(rows)
        }`
  if (commits.length === 0) return shown
  const pending = commits.map(({ hotkey, hash, epoch, block }) => [String(block), String(epoch), hotkey, hash])
  return `${shown}\n\nCommits not revealed\n\n${table(['BLOCK', 'EPOCH', 'HOTKEY', 'HASH'], pending)}`
}

function matrix(rows: readonly WeightRow[], weighed: readonly number[]): string {
  const body = rows.map((row) => {
    const shares = sharesOf(row)
    return [`uid ${row.uid}`, ...weighed.map((uid) => shares.get(uid) ?? '')]
  })
  return table(['VALIDATOR', ...weighed.map((uid) => `uid ${uid}`)], body)
}

function lists(rows: readonly WeightRow[]): string {
  return table(
    ['VALIDATOR', 'UID:SHARE'],
    rows.map((row) => [`uid ${row.uid}`, [...sharesOf(row)].map(([uid, share]) => `${uid}:${share}`).join(' ')]),
  )
}

function sharesOf({ weights }: WeightRow): Map<number, string> {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0)
  return new Map(weights.map(([uid, weight]) => [uid, sum === 0 ? '0.0000' : (weight / sum).toFixed(4)]))
}
