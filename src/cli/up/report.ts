import type { Metagraph } from '../../chain/getMetagraph.ts'
import type { Role } from './cast.ts'
import type { EmissionAccount } from './followEpochs.ts'
import type { ValidatorStatus } from './validatorStatus.ts'

export interface NeuronRow {
  readonly uid: number
  readonly hotkey: string
  readonly name: string
  readonly role: Role
  readonly domains: readonly string[]
  /** Scored answers: a miner's own, or those that a validator scored. */
  readonly answers: number
  /** 0 to 1: what the validators weigh a miner by, averaged over those that asked it. */
  readonly score: number
  /** The last epoch's u16. */
  readonly incentive: number
  readonly dividends: number
  /** Alpha over the counted epochs. */
  readonly emissionRao: bigint
  readonly stakeRao: bigint
}

export interface Report {
  readonly endpoint: string
  readonly specName: string
  readonly specVersion: number
  readonly blocks: number
  readonly netuid: number
  /** Epochs in which weights of every querying validator were in force. */
  readonly epochs: number
  readonly elapsedMs: number
  readonly firstWeightsMs: number | null
  readonly peakPssBytes: number
  readonly weightsSet: number
  readonly answers: { readonly sent: number; readonly scored: number; readonly failed: number }
  readonly emission: EmissionAccount
  readonly neurons: readonly NeuronRow[]
}

export interface Named {
  readonly name: string
  readonly role: Role
  readonly domains: readonly string[]
  readonly hotkey: string
}

/** One row per neuron, by uid. A neuron that registered from outside is shown as a miner without a name of ours. */
export function neuronRows(
  metagraph: Metagraph,
  named: readonly Named[],
  statuses: readonly ValidatorStatus[],
  emissionByUid: ReadonlyMap<number, bigint>,
): NeuronRow[] {
  return metagraph.neurons.map((neuron) => {
    const member = named.find(({ hotkey }) => hotkey === neuron.hotkey)
    const own = statuses.find(({ hotkey }) => hotkey === neuron.hotkey)
    const views = statuses.flatMap(({ miners }) => miners.filter(({ hotkey }) => hotkey === neuron.hotkey))
    const asked = views.filter(({ answers }) => answers > 0)
    return {
      uid: neuron.uid,
      hotkey: neuron.hotkey,
      name: member?.name ?? `uid ${neuron.uid}`,
      role: member?.role ?? 'miner',
      domains: member?.domains ?? views[0]?.domains ?? [],
      answers: own === undefined ? views.reduce((sum, { answers }) => sum + answers, 0) : own.answers.scored,
      score: asked.length === 0 ? 0 : asked.reduce((sum, { score }) => sum + score, 0) / asked.length,
      incentive: neuron.incentive,
      dividends: neuron.dividends,
      emissionRao: emissionByUid.get(neuron.uid) ?? 0n,
      stakeRao: neuron.alphaStake,
    }
  })
}

export function totalAnswers(statuses: readonly ValidatorStatus[]): Report['answers'] {
  const sum = (of: (status: ValidatorStatus) => number): number => statuses.reduce((n, status) => n + of(status), 0)
  return {
    sent: sum(({ answers }) => answers.sent),
    scored: sum(({ answers }) => answers.scored),
    failed: sum(({ answers }) => answers.failed),
  }
}
