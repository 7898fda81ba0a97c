import { InputError } from '../../base/errors.ts'
import type { CommandIo } from '../command.ts'
import type { ChainPlace } from '../openChain.ts'
import { type SecretFlags, type WalletPlaceFlags, walletOf } from '../openKeys.ts'
import type { AskSettings, OpenAsker } from './openAsker.ts'

export interface AskerFlags extends WalletPlaceFlags, SecretFlags, ChainPlace {
  readonly engine: string | undefined
  readonly miner: number | undefined
  readonly gateway: string | undefined
  readonly netuid: number
}

/** Opens whoever the flags name: exactly one. @throws InputError */
export async function chooseAsker(flags: AskerFlags, settings: AskSettings, io: CommandIo): Promise<OpenAsker> {
  const { engine, miner, gateway } = flags
  const given = Object.entries({ engine, miner, gateway }).filter(([, value]) => value !== undefined)
  if (given.length !== 1) {
    const mend = 'name one to ask: --engine FOLDER, --miner UID or --gateway URL'
    throw new InputError('--engine', given.map(([name]) => `--${name}`).join(' '), mend)
  }
  if (engine !== undefined) {
    const { openEngine } = await import('../../engine/openEngine.ts')
    const { openEngineAsker } = await import('./openEngineAsker.ts')
    return openEngineAsker(await openEngine({ folder: engine }), settings)
  }
  if (gateway !== undefined) {
    const { openGatewayAsker } = await import('./openGatewayAsker.ts')
    return openGatewayAsker(gateway, settings)
  }
  const signer = await walletOf(flags, io).hotkeySigner()
  const { openMinerAsker } = await import('./openMinerAsker.ts')
  return await openMinerAsker({ chain: flags, netuid: flags.netuid, uid: miner!, signer }, settings)
}
