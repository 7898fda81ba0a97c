import { z } from 'zod'
import { setting } from '../base/config.ts'
import { defineCommand } from './command.ts'
import { commandLog } from './commandLog.ts'
import { withChain } from './openChain.ts'
import { walletOf } from './openKeys.ts'
import { anyPort, chainSettings, loggingSettings, netuid, passwordSettings, walletSettings } from './settings.ts'

export const command = defineCommand({
  summary: "Serves OpenAI's API in front of a subnet's miners. The wallet's hotkey must be registered there.",
  settings: {
    'gateway.port': setting(anyPort.default(8080), { help: 'port to listen on; 0 takes any free one', takes: 'PORT' }),
    'gateway.host': setting(z.string().default('127.0.0.1'), {
      help: 'address to listen on; nobody is asked for a key, so put a proxy before any other than the default',
      takes: 'IP',
    }),
    ...netuid,
    ...walletSettings,
    ...passwordSettings,
    ...chainSettings,
    ...loggingSettings,
    'status.port': setting(anyPort.optional(), {
      help: 'serve /status, /healthz and /metrics on this port of 127.0.0.1',
      takes: 'PORT',
    }),
  },
  run: async ({ values }, io) => {
    const signer = await walletOf(values, io).hotkeySigner()
    const log = commandLog('gateway', values)
    const statusPort = values['status.port']
    const { run } = await import('../gateway/run.ts')
    await withChain(values, (chain) =>
      run({
        chain,
        signer,
        netuid: values.netuid,
        host: values['gateway.host'],
        port: values['gateway.port'],
        ...(statusPort !== undefined && { statusPort }),
        log,
        stop: io.stop,
        onStarted: ({ url }) => io.print(`gateway listens on ${url}/v1`),
      }),
    )
    return 0
  },
})
