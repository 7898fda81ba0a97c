import { InputError } from '../../base/errors.ts'
import { parseDevices } from '../../engine/deviceNames.ts'
import { parseUpstreams } from '../../engine/parseUpstreams.ts'
import type { CommandIo } from '../command.ts'
import type { ChainPlace } from '../openChain.ts'
import { needed, neededNetuid, type SecretFlags, type WalletPlaceFlags, walletOf } from '../openKeys.ts'
import type { AskSettings, OpenAsker } from './openAsker.ts'

export interface AskerFlags extends WalletPlaceFlags, SecretFlags, ChainPlace {
  readonly engine: string | undefined
  readonly device: string | undefined
  readonly upstream: string | undefined
  readonly 'upstream.model': string | undefined
  readonly 'upstream.key': string | undefined
  readonly 'upstream.context': number | undefined
  readonly miner: number | undefined
  readonly gateway: string | undefined
  readonly netuid: number | undefined
}

/** Opens whoever the flags name: exactly one. @throws InputError */
export async function chooseAsker(flags: AskerFlags, settings: AskSettings, io: CommandIo): Promise<OpenAsker> {
  const { engine, upstream, miner, gateway } = flags
  const given = Object.entries({ engine, upstream, miner, gateway }).filter(([, value]) => value !== undefined)
  if (given.length !== 1) {
    const mend = 'name one to ask: --engine FOLDER, --upstream URL, --miner UID or --gateway URL'
    throw new InputError('--engine', given.map(([name]) => `--${name}`).join(' '), mend)
  }
  if (engine !== undefined) {
    const { openEngine } = await import('../../engine/openEngine.ts')
    const { openEngineAsker } = await import('./openEngineAsker.ts')
    const devices = flags.device === undefined ? undefined : parseDevices(flags.device)
    const onDevice = (line: string): void => io.note(`device ${line}`)
    return openEngineAsker(await openEngine({ folder: engine, onDevice, ...(devices && { devices }) }), settings)
  }
  if (upstream !== undefined) {
    const model = needed(flags['upstream.model'], '--upstream.model', 'name the model as the servers do')
    const { openOpenAiEngine } = await import('../../engine/openai.ts')
    const { openEngineAsker } = await import('./openEngineAsker.ts')
    const server = {
      urls: parseUpstreams(upstream),
      key: flags['upstream.key'],
      contextTokens: flags['upstream.context'],
    }
    return openEngineAsker(await openOpenAiEngine({ ...server, model, onNote: (line) => io.note(line) }), settings)
  }
  if (gateway !== undefined) {
    const { openGatewayAsker } = await import('./openGatewayAsker.ts')
    return openGatewayAsker(gateway, settings)
  }
  const netuid = neededNetuid(flags)
  const signer = await walletOf(flags, io).hotkeySigner()
  const { openMinerAsker } = await import('./openMinerAsker.ts')
  return await openMinerAsker({ chain: flags, netuid, uid: miner!, signer }, settings)
}
