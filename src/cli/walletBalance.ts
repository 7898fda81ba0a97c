import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { formatTokens, type Rao, raoPerToken } from '../base/units.ts'
import type { Chain } from '../chain/connect.ts'
import type { Subnet } from '../chain/getSubnets.ts'
import { isAddress } from '../keys/ss58.ts'
import { listWallets } from '../wallet/listWallets.ts'
import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { type WalletPlaceFlags, walletOf } from './openKeys.ts'
import { chainSettings, json, walletSettings } from './settings.ts'
import { jsonText, table } from './table.ts'

interface Account {
  readonly name: string
  readonly address: string
}

export const command = defineCommand({
  summary: 'Shows what coldkeys have: free TAO, and stake at the price of the pools.',
  usage: '[ADDRESS…]',
  settings: {
    ...walletSettings,
    ...chainSettings,
    all: setting(z.boolean().default(false), { help: 'every wallet on this machine', short: 'a' }),
    ...json,
  },
  run: async ({ values, positionals }, io) => {
    const accounts = await accountsMeant(
      values,
      positionals,
      async () => (await walletOf(values, io).coldkeypub()).address,
    )
    const rows = await withChain(values, async (chain) => {
      const { getSubnets } = await import('../chain/getSubnets.ts')
      const subnets = await getSubnets(chain)
      return await Promise.all(accounts.map((account) => balanceOf(chain, account, subnets)))
    })
    if (values.json) io.print(jsonText({ accounts: rows }))
    else {
      const cells = rows.map(({ name, address, freeRao, stakedRao }) => [
        name,
        address,
        formatTokens(freeRao),
        formatTokens(stakedRao),
        formatTokens(freeRao + stakedRao),
      ])
      io.print(table(['WALLET', 'COLDKEY', 'FREE', 'STAKED, IN TAO', 'TOTAL'], cells))
    }
    return 0
  },
})

async function accountsMeant(
  flags: WalletPlaceFlags & { readonly all: boolean },
  addresses: readonly string[],
  ownAddress: () => Promise<string>,
): Promise<Account[]> {
  const bad = addresses.find((address) => !isAddress(address))
  if (bad !== undefined) throw new InputError('ADDRESS', bad, 'give an SS58 address; a wallet goes in --wallet.name')
  if (addresses.length > 0) return addresses.map((address) => ({ name: '', address }))
  if (!flags.all) return [{ name: flags['wallet.name'], address: await ownAddress() }]
  const wallets = await listWallets(flags['wallet.path'])
  return wallets.flatMap(({ name, coldkey }) =>
    coldkey.address === undefined ? [] : [{ name, address: coldkey.address }],
  )
}

async function balanceOf(chain: Chain, account: Account, subnets: readonly Subnet[]) {
  const { getBalance } = await import('../chain/getBalance.ts')
  const { getStakes } = await import('../chain/getStake.ts')
  const [balance, stakes] = await Promise.all([
    getBalance(chain, { address: account.address }),
    getStakes(chain, { coldkey: account.address }),
  ])
  const stakedRao = stakes.reduce((sum, { netuid, amount }) => sum + inTao(amount, subnets, netuid), 0n)
  return { ...account, freeRao: balance.free, reservedRao: balance.reserved, stakedRao }
}

function inTao(amount: Rao, subnets: readonly Subnet[], netuid: number): bigint {
  const price = subnets.find((subnet) => subnet.netuid === netuid)?.priceRao ?? 0n
  return (amount * price) / raoPerToken
}
