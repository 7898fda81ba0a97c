import { deferred } from '../../base/deferred.ts'
import { FacultyError, messageOf } from '../../base/errors.ts'
import { nextEpochBlock } from '../../chain/epochClock.ts'
import { getMetagraph } from '../../chain/getMetagraph.ts'
import { bestBlock, type EpochRecord, emissionOf, followEpochs } from './followEpochs.ts'
import type { LocalRun } from './localRun.ts'
import type { Report } from './report.ts'
import type { Screen } from './screen.ts'
import { Tally } from './tally.ts'
import { validatorStatus } from './validatorStatus.ts'
import { neuronTable, sceneText } from './view.ts'

export interface WatchOptions {
  readonly title: readonly string[]
  readonly screen: Screen
  /** Counted epochs to stop after; undefined goes on until `stop`. */
  readonly epochs: number | undefined
  /** With `epochs`: how long no epoch may count. */
  readonly patienceMs: number
  readonly stop: AbortSignal
}

const everyMs = 1_000

/**
 * Follows a run until it is told to stop or enough epochs have counted.
 *
 * @throws FacultyError `no-epochs` when patience runs out, and whatever ends the run itself
 */
export async function watchRun(run: LocalRun, options: WatchOptions): Promise<Report> {
  const { chain, netuid, players, uids } = run
  const { screen, epochs: wanted } = options
  const queriers = players.filter(({ role, idle }) => role === 'validator' && !idle).map(({ name }) => uids.get(name)!)
  const tally = new Tally(players, queriers, await getMetagraph(chain, { netuid }))
  const { promise: finished, resolve: finish } = deferred()
  const { promise: impatient, reject: giveUp } = deferred<never>()
  options.stop.addEventListener('abort', () => finish(), { once: true })
  if (options.stop.aborted) finish()
  let lastCountedMs = performance.now()
  const paint = (): void => {
    if (screen.isLive) screen.paint(sceneOf(tally, options))
  }

  const onEpoch = async (epoch: EpochRecord): Promise<void> => {
    if (tally.epochs === wanted) return
    const counts = tally.counts(epoch)
    if (counts) {
      lastCountedMs = performance.now()
      tally.count(epoch, await emissionOf(chain, netuid, epoch.previousEpochBlock, epoch.block))
    } else tally.show(epoch)
    await refreshStatuses(run, tally)
    const weighing = `weights of ${epoch.weighers.size} of ${queriers.length} querying validators in force`
    const scored = `${tally.answers.scored} answers scored`
    screen.note(`epoch at block ${epoch.block}: ${weighing}, ${scored}${counts ? '' : ' (not counted)'}`)
    if (!screen.isLive && counts) screen.note(neuronTable(tally.rows))
    if (tally.epochs === wanted) finish()
  }
  const endFollowing = await followEpochs(chain, {
    netuid,
    validators: queriers,
    onBlock: (state) => {
      tally.clock = state
      paint()
    },
    onFirstWeights: () => {
      tally.firstWeightsMs = Math.round(performance.now())
      screen.note(`first weights in force after ${(tally.firstWeightsMs / 1000).toFixed(1)} s`)
    },
    onEpoch,
    onError: (error) => screen.note(`following the chain: ${messageOf(error)}`),
  })
  const timer = setInterval(() => {
    refreshStatuses(run, tally).then(paint, (error) => screen.note(messageOf(error)))
    const waitedMs = performance.now() - lastCountedMs
    if (wanted !== undefined && waitedMs > options.patienceMs) giveUp(noEpochs(waitedMs))
  }, everyMs)
  try {
    await Promise.race([finished, impatient, run.failed])
  } finally {
    clearInterval(timer)
    endFollowing()
  }
  await refreshStatuses(run, tally)
  return await reportOf(run, tally)
}

async function refreshStatuses({ statusPorts }: LocalRun, tally: Tally): Promise<void> {
  await Promise.all(
    [...statusPorts].map(async ([name, port]) => {
      const status = await validatorStatus(port)
      // A validator that is being restarted keeps what it last said.
      if (status !== undefined) tally.statuses.set(name, status)
    }),
  )
}

function noEpochs(waitedMs: number): FacultyError {
  const message = `no epoch counted for ${Math.round(waitedMs / 1000)} s`
  return new FacultyError(message, { code: 'no-epochs' }, { mend: 'run again with --dir FOLDER and read FOLDER/logs' })
}

function sceneOf(tally: Tally, { title, screen, epochs }: WatchOptions): string {
  const { clock } = tally
  const next = clock === undefined ? undefined : nextEpochBlock(clock)
  return sceneText({
    title,
    block: clock?.block ?? 0,
    tempoBlocks: clock?.tempoBlocks ?? 0,
    blocksToEpoch: clock === undefined || next === undefined ? undefined : next - clock.block,
    epochs: tally.epochs,
    epochsWanted: epochs,
    inFlight: tally.inFlight,
    answers: tally.answers,
    rows: tally.rows,
    notes: screen.notes,
  })
}

async function reportOf(run: LocalRun, tally: Tally): Promise<Report> {
  const { specName, specVersion } = run.chain.api.runtimeVersion
  return {
    endpoint: run.endpoint,
    specName: specName.toString(),
    specVersion: specVersion.toNumber(),
    blocks: await bestBlock(run.chain),
    netuid: run.netuid,
    epochs: tally.epochs,
    elapsedMs: Math.round(performance.now()),
    firstWeightsMs: tally.firstWeightsMs ?? null,
    peakPssBytes: run.peakPssBytes(),
    weightsSet: tally.weightsSet,
    answers: tally.answers,
    emission: tally.emission,
    neurons: tally.rows,
  }
}
