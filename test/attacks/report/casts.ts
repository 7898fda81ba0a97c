import type { Task } from '../../../src/domain/defineValidator.ts'
import { taskStream } from '../../../src/validator/sampling/taskStream.ts'
import { constant, hasty, honest, injection, swapped, validatorsOnly } from '../../../src/validator/sim/behaviour.ts'
import law from '../../../validators/law/validator.ts'
import { behaves, copies, favours, looksUp, relays } from './answerers.ts'
import type { Cast, CastMiner } from './playSubnet.ts'
import { allOn, copiesWeightsOf } from './runWeigher.ts'

/** Shares of right answers. */
const expert = 0.8
const novice = 0.5
const cheap = 0.3

/** Known to everybody where a validator asks public questions. */
export const publicSeed = 'a published benchmark'
const publicRounds = 160
const publicTasksARound = 40

const honestValidators = [
  { name: 'asker-1', stakeTao: 400, way: 'asks' },
  { name: 'asker-2', stakeTao: 440, way: 'asks' },
] as const

const models: readonly CastMiner[] = [
  { name: 'expert-1', conduct: behaves(honest(expert)) },
  { name: 'expert-2', conduct: behaves(honest(expert)) },
  { name: 'novice', conduct: behaves(honest(novice)) },
]

/** All attacks of miners and validators at once, beside honest ones. */
export const crowd = (): Cast => ({
  miners: [
    ...models,
    { name: 'victim', conduct: behaves(honest(expert)) },
    { name: 'copier', conduct: copies('victim') },
    { name: 'source', conduct: behaves(honest(expert)) },
    { name: 'landlord', conduct: behaves(honest(expert)) },
    { name: 'squatter', conduct: { announces: 'landlord' } },
    { name: 'relay', conduct: relays('source') },
    ...['twin-1', 'twin-2', 'twin-3'].map((name) => ({ name, conduct: behaves(honest(expert), 'twins') })),
    { name: 'look-up', conduct: behaves(looksUp(publicTasks())) },
    { name: 'constant', conduct: behaves(constant) },
    { name: 'hasty', conduct: behaves(hasty) },
    { name: 'injector', conduct: behaves(injection) },
    { name: 'two-faced', conduct: behaves(validatorsOnly(expert)) },
    { name: 'friend', conduct: behaves(constant, 'friend') },
  ],
  validators: [
    ...honestValidators,
    { name: 'colluder', stakeTao: 120, way: allOn('friend') },
    { name: 'copycat', stakeTao: 120, way: copiesWeightsOf(honestValidators.map(({ name }) => name)) },
    { name: 'idler', stakeTao: 120, way: 'idle' },
  ],
  asks: 400,
})

/**
 * One that serves whoever is a validator first, and others late. All are always right, so that only speed makes a
 * difference. It makes rounds long, so it has a subnet of its own.
 */
export const queue = (): Cast => ({
  miners: [
    ...['prompt-1', 'prompt-2'].map((name) => ({ name, conduct: behaves(honest(1)) })),
    { name: 'favourer', conduct: behaves(favours(honest(1), 1_500)) },
  ],
  validators: honestValidators,
  asks: 150,
  askTimeoutMs: 2_000,
})

/** Rounds of the miner's own clock before it serves a cheaper model: on a fast machine the first pay comes after 50. */
export const roundsBeforeSwap = 100

/** One that serves a cheaper model after a good start, and one that has served that from the start. */
export const swap = (): Cast => ({
  miners: [
    ...models,
    { name: 'cheap', conduct: behaves(honest(cheap)) },
    { name: 'swapper', conduct: behaves(swapped(expert, cheap, roundsBeforeSwap)) },
  ],
  validators: honestValidators,
  asks: 900,
})

/** The questions of a validator whose seed is public. */
function publicTasks(): Task[] {
  return Array.from({ length: publicRounds }, (_, round) => {
    const stream = taskStream(law, { seed: publicSeed, round })
    return Array.from({ length: publicTasksARound }, () => stream.next().value as Task)
  }).flat()
}
