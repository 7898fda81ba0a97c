import { formatTokens } from '../base/units.ts'
import type { Subnet } from '../chain/getSubnets.ts'
import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { chainSettings, json } from './settings.ts'
import { jsonText, table } from './table.ts'

export const command = defineCommand({
  summary: 'Lists the subnets: neurons, price, pool and what a registration costs.',
  settings: { ...chainSettings, ...json },
  run: async ({ values }, io) => {
    const subnets = await withChain(values, async (chain) => {
      const { getSubnets } = await import('../chain/getSubnets.ts')
      return await getSubnets(chain)
    })
    if (values.json) {
      io.print(jsonText({ subnets }))
      return 0
    }
    const rows = subnets.map((subnet) => [
      String(subnet.netuid),
      subnet.symbol,
      stateOf(subnet),
      `${subnet.neurons}/${subnet.maxNeurons}`,
      String(subnet.tempoBlocks),
      formatTokens(subnet.priceRao),
      formatTokens(subnet.taoIn),
      formatTokens(subnet.alphaIn, 'α'),
      subnet.netuid === 0 ? '' : formatTokens(subnet.burn),
      subnet.owner,
    ])
    const header = [
      'NETUID',
      'SIGN',
      'STATE',
      'NEURONS',
      'TEMPO',
      'PRICE',
      'TAO IN',
      'ALPHA IN',
      'TO REGISTER',
      'OWNER',
    ]
    io.print(table(header, rows))
    return 0
  },
})

function stateOf({ netuid, started }: Subnet): string {
  if (netuid === 0) return 'root'
  return started ? 'started' : 'not started'
}
