import { z } from 'zod'
import { setting } from '../base/config.ts'
import { parseTokens } from '../base/units.ts'
import { dtypes } from '../engine/dtypes.ts'
import { isAddress } from '../keys/ss58.ts'

/** Settings that several commands share, under Bittensor's habitual names. */

const port = z.coerce.number().int().min(1, 'give a port from 1 to 65535').max(65535, 'give a port from 1 to 65535')
const anyPort = z.coerce.number().int().min(0).max(65535, 'give a port from 0 (any free one) to 65535')
const count = z.coerce.number().int('give a whole number').min(1, 'give 1 or more')
const address = z.string().refine(isAddress, 'give an SS58 address')
const netuidNumber = z.coerce
  .number('give a number')
  .int('give a whole number')
  .min(0, 'give a number from 0 to 65535')
  .max(65535, 'give a number from 0 to 65535')

/** An amount that a person types in whole tokens, as rao. */
const tokens = z.string().transform((text, context) => {
  try {
    return parseTokens(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    context.addIssue('give a number of tokens with at most 9 decimals, such as 1.5')
    return z.NEVER
  }
})

export const json = {
  json: setting(z.boolean().default(false), { help: 'print one JSON object instead of text' }),
}

const dtype = z.enum(dtypes, `give one of ${dtypes.join(', ')}`).optional()

export const dtypeSettings = {
  'model.dtype': setting(dtype, {
    help: `number format of the graph to take, where the model's folder holds several: ${dtypes.join(', ')}`,
    aliases: ['dtype'],
    takes: 'NAME',
  }),
}

export const chainSettings = {
  'subtensor.network': setting(z.string().default('local'), {
    help: 'local, test, finney or a ws:// or wss:// address',
    env: 'BT_SUBTENSOR_NETWORK',
    aliases: ['network'],
    takes: 'NAME',
  }),
  'subtensor.chain_endpoint': setting(z.string().optional(), {
    help: 'address of a node; several, comma-separated, are tried in turn. Wins over the network',
    env: 'BT_SUBTENSOR_CHAIN_ENDPOINT',
    aliases: ['chain', 'endpoint'],
    takes: 'URL',
  }),
}

export const netuid = {
  netuid: setting(netuidNumber.default(1), { help: 'the subnet', takes: 'N' }),
}

/** For commands that read or change one subnet: no default, lest it be the wrong one. See `neededNetuid`. */
export const oneNetuid = {
  netuid: setting(netuidNumber.optional(), { help: 'the subnet', aliases: ['subnet'], takes: 'N' }),
}

export const walletSettings = {
  'wallet.name': setting(z.string().default('default'), {
    help: 'the wallet: a folder with one coldkey',
    env: 'BT_WALLET_NAME',
    aliases: ['wallet-name', 'wallet_name', 'name'],
    short: 'w',
    takes: 'NAME',
  }),
  'wallet.hotkey': setting(z.string().default('default'), {
    help: "the hotkey's file name in the wallet",
    env: 'BT_WALLET_HOTKEY',
    aliases: ['wallet-hotkey', 'wallet_hotkey', 'hotkey'],
    short: 'H',
    takes: 'NAME',
  }),
  'wallet.path': setting(z.string().default('~/.bittensor/wallets'), {
    help: 'where wallets are kept',
    env: 'BT_WALLET_PATH',
    aliases: ['wallet-path', 'wallet_path'],
    takes: 'DIR',
  }),
}

/** For commands that open an encrypted key. */
export const passwordSettings = {
  'wallet.password-file': setting(z.string().optional(), {
    help: 'a file with the password; without it BT_WALLET_PASSWORD, BT_PW_… or a prompt',
    aliases: ['wallet-password-file'],
    takes: 'FILE',
  }),
}

/** For commands that write a coldkey. */
export const noPassword = {
  'no-password': setting(z.boolean().default(false), {
    help: 'leave the coldkey unencrypted; for keys without value',
    aliases: ['no-use-password', 'no_use_password'],
  }),
}

/** For commands that spend, signed by the coldkey. */
export const spendSettings = {
  ...walletSettings,
  ...passwordSettings,
  proxy: setting(address.optional(), {
    help: 'act for this account, whose proxy the coldkey is',
    takes: 'ADDRESS',
  }),
  yes: setting(z.boolean().default(false), {
    help: 'do not ask for confirmation',
    aliases: ['no-prompt', 'no_prompt'],
    short: 'y',
  }),
}

export const hotkeyAddressSettings = {
  'hotkey-address': setting(address.optional(), {
    help: "a hotkey's address, instead of the wallet's own hotkey",
    aliases: ['hotkey-ss58', 'hotkey_ss58', 'hotkey-ss58-address', 'hotkey_ss58_address'],
    takes: 'ADDRESS',
  }),
}

export const axonSettings = {
  'axon.port': setting(port.default(8091), { help: 'port to listen on', env: 'BT_AXON_PORT', takes: 'PORT' }),
  'axon.ip': setting(z.string().default('::'), { help: 'address to listen on', env: 'BT_AXON_IP', takes: 'IP' }),
  'axon.external_ip': setting(z.string().optional(), {
    help: 'address to announce on chain, when it is not the one listened on',
    env: 'BT_AXON_EXTERNAL_IP',
    takes: 'IP',
  }),
  'axon.external_port': setting(port.optional(), {
    help: 'port to announce on chain, when it is not the one listened on',
    env: 'BT_AXON_EXTERNAL_PORT',
    takes: 'PORT',
  }),
}

/** How to speak with the servers that `--upstream` names. */
export const upstreamModelSettings = {
  'upstream.model': setting(z.string().min(1).optional(), {
    help: 'the model as those servers name it; default what the manifest says',
    takes: 'NAME',
  }),
  'upstream.key': setting(z.string().min(1).optional(), {
    help: 'their key; flags show in the list of processes, so better in the environment or a file',
    env: 'FACULTY_UPSTREAM_KEY',
    takes: 'TEXT',
    secret: true,
  }),
  'upstream.context': setting(count.optional(), {
    help: 'most tokens of prompt and answer; default what the servers tell',
    takes: 'N',
  }),
}

export const loggingSettings = {
  'logging.debug': setting(z.boolean().default(false), { help: 'log more', env: 'BT_LOGGING_DEBUG' }),
  'logging.trace': setting(z.boolean().default(false), { help: 'log everything', env: 'BT_LOGGING_TRACE' }),
  'logging.json': setting(z.boolean().default(false), { help: 'log lines as JSON objects' }),
}

export { address, anyPort, count, dtype, port, tokens }
