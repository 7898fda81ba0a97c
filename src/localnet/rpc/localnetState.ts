import { z } from 'zod'
import { forceWeights } from '../dev/forceWeights.ts'
import { registerNeurons } from '../dev/registerNeurons.ts'
import { faucet, setBalance } from '../dev/setBalance.ts'
import { setHyperparameter } from '../dev/setHyperparameter.ts'
import { setStake } from '../dev/setStake.ts'
import { setRawStorage, setStorage } from '../dev/setStorage.ts'
import { netuid, rao, uid, weights } from './devParams.ts'
import { type Methods, unsafeMethod } from './method.ts'
import { account, hex } from './params.ts'

const rawEntry = z.tuple([hex, hex.nullable()])
const namedEntry = z.object({
  pallet: z.string(),
  item: z.string(),
  keys: z.array(z.json()).default([]),
  value: z.json(),
})

/** What a faucet gives where nothing else is asked for: a thousand TAO. */
const faucetRao = 1_000_000_000_000n

/** Changes of the state that take effect at once, without a block and without events. */
export const localnetStateMethods: Methods = {
  /**
   * Writes entries: `[key, value]` in hex, value null to remove it, or `{ pallet, item, keys, value }` with values as
   * JSON. The entries are of one kind. @returns the raw keys
   */
  localnet_setStorage: unsafeMethod([z.union([z.array(rawEntry), z.array(namedEntry)])], ({ node }, entries) => {
    if (entries.length === 0) return []
    if (!Array.isArray(entries[0])) return setStorage(node, entries as z.output<typeof namedEntry>[])
    setRawStorage(node, entries as z.output<typeof rawEntry>[])
    return entries.map((entry) => (entry as z.output<typeof rawEntry>)[0])
  }),
  /** Sets an account's free balance, in rao; total issuance follows. */
  localnet_setBalance: unsafeMethod([account, rao], ({ node }, who, amount) => {
    setBalance(node, who, amount)
    return amount.toString()
  }),
  /** Gives money, a thousand TAO unless said otherwise. @returns the account's free balance then, in rao */
  localnet_faucet: unsafeMethod([account, rao.default(faucetRao)], ({ node }, who, amount) =>
    faucet(node, who, amount).toString(),
  ),
  /** Sets a coldkey's stake on a hotkey, in rao of the subnet's alpha; the hotkey's owner where no coldkey is given. */
  localnet_setStake: unsafeMethod(
    [account, netuid, rao, account.optional()],
    ({ node }, hotkey, subnet, amount, coldkey) => {
      setStake(node, { hotkey, netuid: subnet, amount, ...(coldkey === undefined ? {} : { coldkey }) })
      return amount.toString()
    },
  ),
  /** Registers this many neurons with keys of their own. @returns `[{ uid, uri, account }]` */
  localnet_registerNeurons: unsafeMethod(
    [netuid, z.number().int(), z.object({ stake: rao.optional(), balance: rao.optional() }).default({})],
    ({ node }, subnet, count, { stake = 0n, balance = 0n }) =>
      registerNeurons(node, { netuid: subnet, count, stake, balance }),
  ),
  /** Sets a neuron's weights, `[[uid, weight], …]`, whatever it may. */
  localnet_forceWeights: unsafeMethod(
    [netuid, uid, weights, z.number().int().default(0)],
    ({ node }, subnet, of, rows, mecid) => {
      forceWeights(node, { netuid: subnet, uid: of, weights: rows, mecid })
      return true
    },
  ),
  /** Sets a hyperparameter as root, by btcli's name. @param netuid left out for values of the whole chain */
  localnet_setHyperparameter: unsafeMethod(
    [z.string(), z.json(), netuid.optional()],
    ({ node }, name, value, subnet) => {
      setHyperparameter(node, { name, value, netuid: subnet })
      return true
    },
  ),
}
