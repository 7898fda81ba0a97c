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

/** A domain that a local run plays. */
export interface DomainPlace {
  readonly name: string
  /** What `--domain` is told: a built-in domain's name or the path of an author's folder. */
  readonly argument: string
  readonly isBuiltIn: boolean
  /** A miner runs for each; none: one miner, without a model. */
  readonly models: readonly string[]
}

/**
 * The cast: the owner; a miner for each model of each domain; a freeloader that declares every domain of the package and
 * runs no model; two validators that ask, and one that does not. The two hold most of the stake, so that consensus is theirs.
 *
 * @param modelsFolder where the built-in domains' `<domain>/<model>` folders lie; those of the package if undefined
 */
export function castOf(domains: readonly DomainPlace[], modelsFolder: string | undefined): Member[] {
  const base = { domains: [] as string[], idle: false, stakeTao: 0, minerFlags: [] as string[] }
  const miner = ({ name, argument, isBuiltIn }: DomainPlace, model: string): Member => {
    const place = modelsFolder === undefined || !isBuiltIn ? model : `${modelsFolder}/${name}/${model}`
    const minerFlags = ['--domain', argument, '--model', place]
    return { ...base, name: `${name}-${model}`, role: 'miner', domains: [name], minerFlags }
  }
  const bareMiner = ({ name, argument }: DomainPlace): Member => ({
    ...{ ...base, name: `${name}-miner`, role: 'miner', domains: [name] },
    minerFlags: ['--domain', argument],
  })
  const validator = (name: string, stakeTao: number, idle: boolean): Member => ({
    ...base,
    name,
    role: 'validator',
    stakeTao,
    idle,
  })
  const builtIn = domains.filter(({ isBuiltIn }) => isBuiltIn).map(({ name }) => name)
  const freeloader: Member = {
    ...{ ...base, name: 'freeloader', role: 'miner', domains: builtIn },
    minerFlags: ['--domain', 'freeloader'],
  }
  return [
    { ...base, name: ownerName, role: 'owner' },
    ...domains.flatMap((domain) =>
      domain.models.length === 0 ? [bareMiner(domain)] : domain.models.map((model) => miner(domain, model)),
    ),
    ...(builtIn.length === 0 ? [] : [freeloader]),
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
