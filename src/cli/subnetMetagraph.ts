import { formatTokens } from '../base/units.ts'
import type { Metagraph, Neuron } from '../chain/getMetagraph.ts'
import { axonText } from './axonText.ts'
import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { neededNetuid } from './openKeys.ts'
import { chainSettings, json, oneNetuid } from './settings.ts'
import { fraction, jsonText, table } from './table.ts'

export const command = defineCommand({
  summary: "Shows a subnet's neurons: stake, incentive, dividends, emission, axon.",
  settings: { ...oneNetuid, ...chainSettings, ...json },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const metagraph = await withChain(values, async (chain) => {
      const { getMetagraph } = await import('../chain/getMetagraph.ts')
      return await getMetagraph(chain, { netuid })
    })
    io.print(values.json ? jsonText(forPrograms(metagraph)) : forPeople(metagraph))
    return 0
  },
})

function forPrograms({ neurons, ...subnet }: Metagraph): unknown {
  return {
    ...subnet,
    neurons: neurons.map((neuron) => ({
      ...neuron,
      axon: neuron.axon === undefined ? null : { ...neuron.axon, address: axonText(neuron.axon) },
      certificate:
        neuron.certificate === undefined
          ? null
          : {
              algorithm: neuron.certificate.algorithm,
              publicKey: `0x${Buffer.from(neuron.certificate.publicKey).toString('hex')}`,
            },
    })),
  }
}

function forPeople(metagraph: Metagraph): string {
  const { netuid, block, tempoBlocks, ownerColdkey, neurons } = metagraph
  const title = `Subnet ${netuid} at block ${block}: ${neurons.length} neurons, tempo ${tempoBlocks}, owner ${ownerColdkey}`
  if (neurons.length === 0) return title
  const header = [
    'UID',
    'PERMIT',
    'STAKE',
    'ROOT STAKE',
    'INCENTIVE',
    'DIVIDENDS',
    'EMISSION',
    'TRUST',
    'UPDATED',
    'AXON',
    'HOTKEY',
  ]
  return `${title}\n\n${table(
    header,
    neurons.map((neuron) => rowOf(neuron, block)),
  )}`
}

function rowOf(neuron: Neuron, block: number): string[] {
  return [
    String(neuron.uid),
    neuron.validatorPermit ? 'yes' : '',
    formatTokens(neuron.alphaStake, 'α'),
    formatTokens(neuron.rootStake),
    fraction(neuron.incentive),
    fraction(neuron.dividends),
    formatTokens(neuron.emission, 'α'),
    fraction(neuron.validatorTrust),
    `${BigInt(block) - neuron.lastUpdate} ago`,
    neuron.axon === undefined ? 'none' : axonText(neuron.axon),
    neuron.hotkey,
  ]
}
