import type { Scores } from '../../validator/scoresReport.ts'
import { table } from '../table.ts'

/** `faculty validator scores` for people. */
export function scoresText({ hotkey, netuid, block, rounds, miners }: Scores): string {
  const head = `Subnet ${netuid}, as validator ${hotkey} knows it after ${rounds} rounds (block ${block})`
  if (miners.length === 0) return `${head}\n\nNobody serves an axon there.`
  const rows = miners.map((miner) => [
    String(miner.uid),
    miner.domains.join(', '),
    String(miner.answers),
    miner.accuracy.toFixed(3),
    miner.skill.toFixed(3),
    miner.score.toFixed(4),
    miner.reward.toFixed(4),
    miner.cluster === undefined ? '' : `of uid ${miner.cluster}`,
    miner.fallen === undefined ? '' : `round ${miner.fallen}`,
    miner.hotkey,
  ])
  const names = ['UID', 'DOMAINS', 'ANSWERS', 'ACCURACY', 'SKILL', 'SCORE', 'REWARD', 'CLUSTER', 'LAST FALL', 'HOTKEY']
  const problems = miners.flatMap(({ uid, problem }) => (problem === undefined ? [] : [`uid ${uid}: ${problem}`]))
  return [head, table(names, rows), ...(problems.length === 0 ? [] : [problems.join('\n')])].join('\n\n')
}
