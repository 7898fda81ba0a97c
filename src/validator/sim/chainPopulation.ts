import type { Chain } from '../../chain/connect.ts'
import { getMetagraph, type Neuron } from '../../chain/getMetagraph.ts'
import { getSlots } from '../../chain/getSlots.ts'
import { getWeights } from '../../chain/getWeights.ts'
import { getHyperparameters } from '../../chain/hyperparameters.ts'
import { readOne } from '../../chain/readMany.ts'
import { asNumbers } from '../../chain/values.ts'
import type { Population } from './population.ts'
import { newSubnet, type SubnetRules } from './subnetRules.ts'

/** The skill that the best-paid miner is taken to have. */
const bestSkill = 0.95
const u64 = 2 ** 64

/**
 * The population of a real subnet: stakes, settings and who validates as the chain has them at its best block. What the
 * miners can do the chain does not know: it is estimated from what they are paid.
 *
 * @throws ChainError where the subnet does not exist; InputError where nobody validates
 */
export async function chainPopulation(chain: Chain, { netuid }: { netuid: number }): Promise<Population> {
  const metagraph = await getMetagraph(chain, { netuid })
  const { neurons, blockHash } = metagraph
  const [rows, settings, slots, alphaValues] = await Promise.all([
    getWeights(chain, { netuid }),
    getHyperparameters(chain, { netuid }),
    getSlots(chain, { netuid, neurons: neurons.length, at: blockHash }),
    readOne(chain, 'SubtensorModule', 'AlphaValues', [netuid], blockHash),
  ])
  const [alphaLow = newSubnet.alphaLow, alphaHigh = newSubnet.alphaHigh] = asNumbers(alphaValues)
  const weighs = new Set(rows.map(({ uid }) => uid))
  const isValidator = ({ uid, validatorPermit, dividends }: Neuron): boolean =>
    validatorPermit && (dividends > 0 || weighs.has(uid))
  const validators = neurons.filter(isValidator)
  const miners = neurons.filter((neuron) => !isValidator(neuron))
  const most = Math.max(1, ...miners.map(({ incentive }) => incentive))
  return {
    rules: {
      ...{ ...rulesOf(metagraph.tempoBlocks, settings), alphaLow, alphaHigh },
      ...{ immunityBlocks: slots.immunityBlocks, minNonImmune: slots.minNonImmune },
      ...{ maxNeurons: Math.max(slots.maxNeurons, neurons.length), taoWeight: Number(slots.taoWeight) / u64 },
    },
    validators: validators.map(({ hotkey, alphaStake, rootStake }) => ({
      name: hotkey,
      kind: 'honest',
      alphaRao: alphaStake,
      rootRao: rootStake,
    })),
    miners: miners.map(({ hotkey, incentive }) => ({ name: hotkey, skill: (bestSkill * incentive) / most })),
    newcomerEveryEpochs: 0,
    notes: [
      `stakes, settings and who validates are those of subnet ${netuid} at block ${metagraph.block}; stake that is inherited from other hotkeys is left out`,
      `the miners' skills are not known: each is taken to be ${bestSkill} times its incentive as a share of the best-paid one's`,
      'every validator of the subnet is taken to ask and score for itself with this domain',
    ],
  }
}

type Settings = Awaited<ReturnType<typeof getHyperparameters>>

function rulesOf(tempoBlocks: number, settings: Settings): SubnetRules {
  const number = (name: keyof Settings, otherwise: number): number => {
    const text = settings[name]
    return text === undefined || text === '' ? otherwise : Number(text.replaceAll(',', ''))
  }
  const isOn = (name: keyof Settings): boolean => settings[name] === 'true'
  return {
    ...newSubnet,
    tempoBlocks: Math.max(1, tempoBlocks),
    kappa: number('kappa', newSubnet.kappa),
    bondsPenalty: number('bonds_penalty', newSubnet.bondsPenalty),
    bondsMovingAverage: number('bonds_moving_avg', newSubnet.bondsMovingAverage),
    yuma3: isOn('yuma3_enabled'),
    liquidAlpha: isOn('liquid_alpha_enabled'),
    alphaSigmoidSteepness: number('alpha_sigmoid_steepness', newSubnet.alphaSigmoidSteepness),
    revealEpochs: isOn('commit_reveal_weights_enabled') ? number('commit_reveal_period', 1) : 0,
    maxValidators: number('max_validators', newSubnet.maxValidators),
    minAllowedWeights: number('min_allowed_weights', newSubnet.minAllowedWeights),
  }
}
