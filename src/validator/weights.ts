import { randomBytes } from 'node:crypto'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Weights } from '../chain/setWeights.ts'
import { planWeights, type Wait, type WeightsStep, type WeightsView } from './planWeights.ts'
import type { NoWeights } from './scoreDraft.ts'
import { isRefusal, type WeightsChain } from './weightsChain.ts'
import type { WeightsRow } from './weightsRow.ts'
import type { WeightsTable } from './weightsTable.ts'

export interface WeightsOptions {
  readonly chain: WeightsChain
  readonly table: WeightsTable
  /** Weights from the scores of now, by the uids of now, or why there are none. */
  readonly draft: (view: WeightsView) => Promise<Weights | NoWeights>
  readonly log: Log
  /** Hears of each look at the chain. */
  readonly onView?: (view: WeightsView) => void
  readonly onEvent?: (event: WeightsEvent) => void
}

/** What became of weights. `missed`: a commit was on the chain and its epoch of reveal went by. */
export type WeightsEvent =
  | { readonly type: 'set' | 'committed' | 'timelocked' | 'revealed' | 'refused' | 'lost' }
  | { readonly type: 'missed'; readonly epoch: number }

/** In the order in which they stand in figures. */
export const weightsEvents = ['set', 'committed', 'timelocked', 'revealed', 'refused', 'lost', 'missed'] as const

const sentEvents: Readonly<Record<WeightsRow['kind'], 'set' | 'committed' | 'timelocked'>> = {
  commit: 'committed',
  timelocked: 'timelocked',
  set: 'set',
}

const saltNumbers = 8

const sentMessages: Readonly<Record<WeightsRow['kind'], string>> = {
  commit: 'weights committed',
  timelocked: 'weights committed; the chain reveals them by itself',
  set: 'weights set',
}

/** What is worth telling the owner of the validator. The others are what waiting looks like when all is well. */
const waitMessages: Partial<Record<Wait, string>> = {
  'not-registered': 'no weights: this hotkey is not registered on the subnet (any more)',
  'no-permit': 'no weights yet: no validator permit; the largest stakes get one at each epoch',
  'no-epochs': 'no weights: the subnet has tempo 0, so no epochs run',
  'rate-limit': 'weights wait for the rate limit of the subnet',
  unrevealed:
    'weights wait: the chain keeps no more unrevealed commits of this hotkey; with --weights.timelock it would',
}

/**
 * Sees to a validator's weights: call the returned function at each new block. Everything is written down before it is
 * sent, so a new process goes on where another was killed.
 *
 * @throws what the chain's reads throw; failed submissions are logged and tried again
 */
export function keepWeights({ chain, table, draft, log, onView, onEvent }: WeightsOptions): () => Promise<void> {
  let told: string | undefined
  const tellOnce = (message: string | undefined, alarm?: Wait): void => {
    if (message !== undefined && message !== told) log.warn({ alarm }, message)
    told = message
  }
  return async () => {
    const view = await chain.view()
    onView?.(view)
    for (;;) {
      const step = planWeights(view, table.rows, chain.hashOf)
      if (step.type === 'wait') {
        if (step.because in waitMessages) tellOnce(waitMessages[step.because], step.because)
        return
      }
      if (step.type === 'mark') mark(step)
      else if (step.type === 'reveal') await reveal(step.row, view)
      else {
        const weights = await draft(view)
        if ('none' in weights) {
          tellOnce(`no weights yet: ${weights.none}`)
          return
        }
        tellOnce(undefined)
        const { kind, epoch } = step
        const salt = kind === 'commit' ? drawSalt() : []
        await send(table.add({ kind, epoch, block: view.epoch.block, ...weights, salt, versionKey: view.versionKey }))
        return
      }
    }
  }

  function mark({ row, state, epoch }: Extract<WeightsStep, { type: 'mark' }>): void {
    table.setState(row.id, state, epoch === undefined ? {} : { epoch })
    const about = { epoch: epoch ?? row.epoch, kind: row.kind }
    if (state !== row.state) onEvent?.(eventOf(row, state))
    if (state !== 'lost') log.info(about, `weights sent earlier: ${state}`)
    else if (row.state === 'sending') log.warn(about, 'weights are lost: they never reached the chain')
    else log.warn(about, 'a weights commit is lost: its epoch of reveal is over; the next commit goes out')
  }

  async function send(row: WeightsRow): Promise<void> {
    try {
      const known = await chain.send(row)
      table.setState(row.id, row.kind === 'commit' ? 'committed' : 'done', known)
      onEvent?.({ type: sentEvents[row.kind] })
      log.info({ ...known, uids: row.uids.length }, sentMessages[row.kind])
    } catch (error) {
      // Otherwise it may have got through all the same: the chain will tell.
      if (isRefusal(error)) {
        table.setState(row.id, 'refused')
        onEvent?.({ type: 'refused' })
      }
      log.warn({ epoch: row.epoch }, `weights were not sent: ${messageOf(error)}`)
    }
  }

  async function reveal(row: WeightsRow, view: WeightsView): Promise<void> {
    table.setState(row.id, 'revealing', { block: view.epoch.block })
    try {
      await chain.reveal(row)
      table.setState(row.id, 'done')
      onEvent?.({ type: 'revealed' })
      log.info({ epoch: row.epoch, uids: row.uids.length }, 'weights revealed')
    } catch (error) {
      log.warn({ epoch: row.epoch }, `weights were not revealed: ${messageOf(error)}`)
    }
  }
}

/** Of weights whose state the chain has told, after a kill or a submission whose outcome was not known. */
function eventOf(row: WeightsRow, state: Extract<WeightsStep, { type: 'mark' }>['state']): WeightsEvent {
  if (state === 'lost') return row.state === 'sending' ? { type: 'lost' } : { type: 'missed', epoch: row.epoch }
  return { type: row.kind === 'commit' && state === 'done' ? 'revealed' : sentEvents[row.kind] }
}

function drawSalt(): number[] {
  const bytes = randomBytes(2 * saltNumbers)
  return Array.from({ length: saltNumbers }, (_, i) => bytes.readUInt16LE(2 * i))
}
