import { InputError } from '../../base/errors.ts'
import { getMetagraph } from '../../chain/getMetagraph.ts'
import { DendriteError, type DendriteFailure } from '../../dendrite/dendriteError.ts'
import { Session } from '../../dendrite/session.ts'
import type { Target } from '../../dendrite/target.ts'
import type { Signer } from '../../keys/signer.ts'
import { minersOf } from '../../validator/miners.ts'
import { type ChainPlace, withChain } from '../openChain.ts'
import type { AskSettings, OpenAsker } from './openAsker.ts'

export interface MinerPlace {
  readonly chain: ChainPlace
  readonly netuid: number
  readonly uid: number
  /** The caller's hotkey: a miner may answer registered ones only. */
  readonly signer: Signer
}

/** Nobody is there to be asked any further question. */
const goneFaults: readonly DendriteFailure['code'][] = ['unreachable', 'wrong-key', 'refused', 'bad-caller', 'closed']

/**
 * Asks one miner of a subnet directly, as validators do; each answer's receipt is verified.
 *
 * @throws InputError for a uid that serves nothing; DendriteError where it cannot be reached
 */
export async function openMinerAsker(place: MinerPlace, settings: AskSettings): Promise<OpenAsker> {
  const { netuid, uid, signer } = place
  const { target, genesis } = await withChain(place.chain, async (chain) => {
    const metagraph = await getMetagraph(chain, { netuid })
    const found = minersOf(metagraph, signer.address).find((miner) => miner.uid === uid)
    if (found === undefined)
      throw new InputError('--miner', uid, `no other miner serves at this uid of subnet ${netuid}`)
    return { target: usable(found.target, uid), genesis: chain.api.genesisHash.toHex() }
  })
  const session = new Session(target, { signer, genesis, netuid })
  try {
    await session.connect()
  } catch (error) {
    session.close()
    throw error
  }
  const { domain, maxTokens, timeoutMs } = settings
  const models = session.welcome?.models.filter((model) => model.domain === domain).map(({ name }) => name) ?? []
  return {
    model: `miner ${uid}${models.length === 0 ? '' : ` (${models.join(', ')})`}`,
    about: { uid, netuid, hotkey: target.hotkey, domain },
    close: async () => session.close(),
    ask: async (messages, signal) => {
      try {
        const request = { messages: [...messages], maxTokens, temperature: 0 }
        const { text, elapsedMs } = await session.askOnce(request, { domain, timeoutMs, signal })
        return { text, elapsedMs }
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof DendriteError) || goneFaults.includes(error.failure.code)) throw error
        return { problem: error.message }
      }
    },
  }
}

function usable(target: Target | { readonly problem: string }, uid: number): Target {
  if (!('problem' in target)) return target
  throw new InputError('--miner', uid, target.problem)
}
