import { formatTokens } from '../../base/units.ts'
import type { Counted, Weigher } from '../../chain/weighersOf.ts'
import { axonText } from '../axonText.ts'
import { durationText } from '../durationText.ts'
import { fraction, table } from '../table.ts'
import { emissionPerDay } from './emissionPerDay.ts'
import type { MinerReport } from './minerReport.ts'
import type { RunningMiner } from './runningMiner.ts'

/** `faculty miner status` for people. @param running undefined: no port was given */
export function minerStatusText(
  report: MinerReport,
  running: RunningMiner | { readonly problem: string } | undefined,
  nowMs: number,
): string {
  const { netuid, block, uid, hotkey, coldkey } = report
  return [
    `uid ${uid} of subnet ${netuid} at block ${block}\n`,
    lines([
      ['hotkey', hotkey],
      ['coldkey', coldkey],
      ['incentive', `${fraction(report.incentive)}, rank ${report.rank} of ${report.neurons}`],
      ['emission', epochText(report)],
      ['a day', dayText(report)],
      ['registered', `at block ${report.registeredAtBlock}, ${agoText(block - report.registeredAtBlock, report)}`],
      ['immunity', immunityText(report)],
      ['pruning', pruningText(report)],
      ['axon', serving(report)],
    ]),
    ...historyText(report),
    `\nWho weighs it (consensus ${fraction(report.consensus)} at the last epoch)\n`,
    weighersText(report),
    '\nWho asks it\n',
    callersText(report, running, nowMs),
  ].join('\n')
}

function lines(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')
}

function epochText({ emission, tempoBlocks }: MinerReport): string {
  const withheld = emission.isWithheld ? "; not paid out: it is the subnet owner's" : ''
  return `${formatTokens(emission.perEpoch, 'α')} in the last epoch of ${tempoBlocks} blocks${withheld}`
}

function dayText({ emission: { perDay, price } }: MinerReport): string {
  if (perDay === undefined) return 'not known: the chain has just begun'
  return `${formatTokens(perDay.alpha, 'α')} at that rate = ${formatTokens(perDay.tao)} at ${formatTokens(price)} for one α`
}

function historyText({ history: { days, isCut }, tempoBlocks, blockMs }: MinerReport): string[] {
  const cut = isCut
    ? ['\n  This node keeps no older state; --subtensor.chain_endpoint of an archive node shows more days.']
    : []
  if (days.length === 0) return cut
  const rows = days.map(({ daysAgo, block, incentive, perEpoch, price }) => {
    const perDay = emissionPerDay(perEpoch, { tempoBlocks, blockMs, price })
    const amounts = perDay === undefined ? ['', ''] : [formatTokens(perDay.alpha, 'α'), formatTokens(perDay.tao)]
    return [String(daysAgo), String(block), fraction(incentive), formatTokens(perEpoch, 'α'), ...amounts]
  })
  return [
    '\nEarlier days, by one epoch of each\n',
    table(['DAYS AGO', 'BLOCK', 'INCENTIVE', 'EPOCH', 'DAY AT THAT RATE', 'IN TAO THEN'], rows),
    ...cut,
  ]
}

function agoText(blocks: number, { blockMs }: MinerReport): string {
  return `${blocksText(blocks, blockMs)} ago`
}

function blocksText(blocks: number, blockMs: number | undefined): string {
  return blockMs === undefined ? `${blocks} blocks` : `${blocks} blocks (${durationText(blocks * blockMs)})`
}

function immunityText({ immunityLeftBlocks, blockMs }: MinerReport): string {
  return immunityLeftBlocks === 0 ? 'over' : `${blocksText(immunityLeftBlocks, blockMs)} left`
}

function pruningText({ pruning, immunityLeftBlocks }: MinerReport): string {
  const { freePlaces, place, of, placeAfterImmunity } = pruning
  const now =
    place === undefined
      ? `safe${freePlaces === 0 ? '' : `, even when ${freePlaces} more registrations have filled the subnet`}`
      : `number ${place} of ${of} to be replaced ${freePlaces === 0 ? 'by the next registrations' : `after ${freePlaces} more registrations`}`
  if (immunityLeftBlocks === 0) return now
  return `${now}; after its immunity ${placeAfterImmunity === undefined ? 'safe' : `number ${placeAfterImmunity}`}, all else as now`
}

function serving({ axon, block, ...report }: MinerReport): string {
  if (axon === undefined) return 'none announced: validators cannot find it (faculty miner run announces it)'
  return `${axonText(axon)}, announced ${agoText(block - Number(axon.block), { ...report, axon, block })}`
}

const countedTexts: Readonly<Record<Counted, string>> = {
  whole: 'yes',
  clipped: 'up to the consensus',
  none: 'gives it nothing',
  self: 'no: its own',
  'before-registration': 'no: set before this registration',
  'no-permit': 'no: without a permit',
  inactive: 'no: the validator is inactive',
}

function weighersText({ weighers, consensus }: MinerReport): string {
  if (weighers.length === 0) return '  nobody: there are no weights on this subnet'
  return table(
    ['UID', 'STAKE', 'TRUST', 'WEIGHT', 'UPDATED', 'COUNTS', 'HOTKEY'],
    weighers.map((weigher: Weigher) => [
      String(weigher.uid),
      formatTokens(weigher.stake, 'α'),
      fraction(weigher.validatorTrust),
      weigher.share.toFixed(4),
      `${weigher.ageBlocks} blocks ago`,
      weigher.counted === 'clipped' && consensus === 0 ? 'no: the consensus is 0' : countedTexts[weigher.counted],
      weigher.hotkey,
    ]),
  )
}

function callersText(
  { hotkey, weighers }: MinerReport,
  running: RunningMiner | { readonly problem: string } | undefined,
  nowMs: number,
): string {
  if (running === undefined) {
    return '  not known: name the --status.port of the miner that runs on this machine, which counts them'
  }
  if ('problem' in running) return `  not known: ${running.problem}`
  if (running.hotkey !== hotkey) return `  not known: the miner at this port is another one, ${running.hotkey}`
  if (running.callers.length === 0) return '  nobody since the miner was started'
  const uids = new Map<string, number>(weighers.map((weigher) => [weigher.hotkey, weigher.uid]))
  return table(
    ['LAST ASKED', 'ANSWERED', 'NOT', 'LAST ERROR', 'VALIDATOR', 'HOTKEY'],
    running.callers.map((caller) => {
      const uid = uids.get(caller.hotkey)
      return [
        `${durationText(nowMs - caller.lastAtMs)} ago`,
        String(caller.answered),
        String(caller.unanswered),
        caller.lastError ?? '',
        uid === undefined ? '' : `uid ${uid}`,
        caller.hotkey,
      ]
    }),
  )
}
