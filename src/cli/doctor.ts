import { styleText } from 'node:util'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { defineCommand } from './command.ts'
import type { Check } from './doctor/check.ts'
import { anyPort, chainSettings, json, walletSettings } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: `Tells what this machine can do, what is missing, and the command that mends it.
Exit code 1 where something is missing that faculty up needs. The network is left alone unless --subtensor.* or
--time.url say where to look.`,
  settings: {
    port: setting(anyPort.default(9944), { help: "the chain's port of faculty up", takes: 'PORT' }),
    'gateway.port': setting(anyPort.default(8080), { help: "the gateway's port of faculty up", takes: 'PORT' }),
    'wallet.path': walletSettings['wallet.path'],
    ...chainSettings,
    'time.url': setting(z.url({ protocol: /^https?$/, error: 'give an http:// or https:// address' }).optional(), {
      help: "compare the clock with this server's Date header",
      takes: 'URL',
    }),
    ...json,
  },
  run: async ({ values, sources }, io) => {
    const { checkMachine } = await import('./doctor/checkMachine.ts')
    const { checkInference } = await import('./doctor/checkInference.ts')
    const { checkModels } = await import('./doctor/checkModels.ts')
    const { checkWallets } = await import('./doctor/checkWallets.ts')
    const { checkChain, checkClock, checkPorts } = await import('./doctor/checkNetwork.ts')
    const asksChain = [sources['subtensor.network'], sources['subtensor.chain_endpoint']].some(
      (from) => from !== 'default',
    )
    const checks: Check[] = [
      ...(await checkMachine()),
      ...(await checkInference()),
      ...(await checkModels()),
      await checkWallets(values['wallet.path']),
      ...(await checkPorts({ '--port': values.port, '--gateway.port': values['gateway.port'] })),
      ...(asksChain ? await checkChain(values) : []),
      ...(values['time.url'] === undefined ? [] : [await checkClock(values['time.url'])]),
    ]
    const isReady = !checks.some(({ state, isNeeded }) => state === 'missing' && isNeeded)
    if (values.json) io.print(jsonText({ ready: isReady, checks }))
    else io.print(report(checks, { isReady, isColoured: io.isTerminal && process.env.NO_COLOR === undefined }))
    return isReady ? 0 : 1
  },
})

const colours = { ok: 'green', warning: 'yellow', missing: 'red' } as const

function report(
  checks: readonly Check[],
  { isReady, isColoured }: { readonly isReady: boolean; readonly isColoured: boolean },
): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat('missing'.length + width + 4)
  const lines = checks.flatMap(({ name, state, found, mend, isNeeded }) => {
    const word = state.padEnd('missing'.length)
    // Red is for what stands in the way.
    const colour = state === 'missing' && !isNeeded ? 'dim' : colours[state]
    const shown = isColoured ? styleText(colour, word) : word
    const line = `${shown}  ${name.padEnd(width)}  ${found}`
    return mend === undefined ? [line] : [line, `${indent}→ ${mend}`]
  })
  const verdict = isReady ? 'faculty up can run here.' : 'faculty up cannot run here: mend what is missing first.'
  return [...lines, '', verdict].join('\n')
}
