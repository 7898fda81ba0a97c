import type { AccountId } from '../../scale/chainTypes.ts'

const prefix = `0x${Buffer.from('modlsubtensr').toString('hex')}`

/**
 * The account that holds a subnet's TAO: `modl` ++ `subtensr` ++ netuid (u16 LE), padded with zeros to 32 bytes.
 *
 * @see facts: subtensor-chain.md, (d) register_network
 */
export function subnetAccount(netuid: number): AccountId {
  const low = (netuid & 0xff).toString(16).padStart(2, '0')
  const high = (netuid >> 8).toString(16).padStart(2, '0')
  return `${prefix}${low}${high}`.padEnd(66, '0') as AccountId
}

/** Whether an account has the form of a subnet's account, of whatever netuid. */
export function isSubnetAccount(account: AccountId): boolean {
  return account.startsWith(prefix) && /^0*$/.test(account.slice(prefix.length + 4))
}
