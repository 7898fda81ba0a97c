import type { DevWallet } from '../../wallet/devWallets.ts'

export type Role = 'owner' | 'miner' | 'validator'

/** Who takes part in a local run: one hotkey each, and a coldkey of its own. */
export interface Member {
  /** Wallet and log file of that name; what the tables show. */
  readonly name: string
  readonly role: Role
  /** What a miner declares; empty for others. */
  readonly domains: readonly string[]
  /** A validator that sets weights without asking anybody. */
  readonly idle: boolean
  /** TAO (whole) that a validator stakes to itself. */
  readonly stakeTao: number
  /** What `faculty miner run` is told, beside the wallet and the ports. */
  readonly minerFlags: readonly string[]
}

export const ownerName = 'owner'
/** The gateway asks with this member's hotkey. */
export const gatewayName = ownerName

/**
 * The cast: the owner; per domain an expert and a novice; a freeloader that declares every domain and runs no model; two
 * validators that ask, and one that does not. The two hold most of the stake, so that consensus is theirs.
 *
 * @param modelsFolder where `<domain>/<grade>` model folders lie; those of the package if undefined
 */
export function castOf(domains: readonly string[], modelsFolder: string | undefined): Member[] {
  const base = { domains: [] as string[], idle: false, stakeTao: 0, minerFlags: [] as string[] }
  const miner = (domain: string, grade: string): Member => ({
    ...base,
    name: `${domain}-${grade}`,
    role: 'miner',
    domains: [domain],
    minerFlags: [
      '--domain',
      domain,
      '--model',
      modelsFolder === undefined ? grade : `${modelsFolder}/${domain}/${grade}`,
    ],
  })
  const validator = (name: string, stakeTao: number, idle: boolean): Member => ({
    ...base,
    name,
    role: 'validator',
    stakeTao,
    idle,
  })
  return [
    { ...base, name: ownerName, role: 'owner' },
    ...domains.flatMap((domain) => [miner(domain, 'expert'), miner(domain, 'novice')]),
    { ...base, name: 'freeloader', role: 'miner', domains, minerFlags: ['--domain', 'freeloader'] },
    // Nearly the same alpha for the two: the second buys after the first has raised the price.
    validator('validator-1', 100, false),
    validator('validator-2', 130, false),
    validator('validator-idle', 40, true),
  ]
}

/** Under which name a validator's wallet holds the gateway's hotkey, to ask as an app builder would. */
export const covertHotkey = 'gateway'

/** Plain wallets with keys that the whole world knows, such as `//faculty/law-expert/hotkey`. */
export function walletOf({ name, role }: Pick<Member, 'name' | 'role'>): DevWallet {
  const hotkeyUri = (member: string): string => `//faculty//${member}//hotkey`
  return {
    name,
    coldkeyUri: `//faculty//${name}`,
    hotkeyUris: {
      default: hotkeyUri(name),
      ...(role === 'validator' && { [covertHotkey]: hotkeyUri(gatewayName) }),
    },
  }
}
