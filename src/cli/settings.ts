import { z } from 'zod'
import { setting } from '../base/config.ts'

/** Settings that several commands share, under Bittensor's habitual names. */

const port = z.coerce.number().int().min(1, 'give a port from 1 to 65535').max(65535, 'give a port from 1 to 65535')
const count = z.coerce.number().int('give a whole number').min(1, 'give 1 or more')

export const json = {
  json: setting(z.boolean().default(false), { help: 'print one JSON object instead of text' }),
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
  netuid: setting(z.coerce.number().int().min(0).max(65535).default(1), { help: 'the subnet', takes: 'N' }),
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

export const loggingSettings = {
  'logging.debug': setting(z.boolean().default(false), { help: 'log more', env: 'BT_LOGGING_DEBUG' }),
  'logging.trace': setting(z.boolean().default(false), { help: 'log everything', env: 'BT_LOGGING_TRACE' }),
  'logging.json': setting(z.boolean().default(false), { help: 'log lines as JSON objects' }),
}

export { count, port }
