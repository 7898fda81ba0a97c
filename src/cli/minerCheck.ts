import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { pairFromSeed } from '../keys/derive.ts'
import { localSigner, type Signer } from '../keys/signer.ts'
import { type CommandIo, defineCommand } from './command.ts'
import type { Stage } from './miner/checkAxon.ts'
import { minerTarget, minerTargetSettings, neuronOf } from './minerTarget.ts'
import { withChain } from './openChain.ts'
import { neededNetuid, walletOf } from './openKeys.ts'
import { chainSettings, count, json, passwordSettings } from './settings.ts'
import { jsonText, table } from './table.ts'

export const command = defineCommand({
  summary: `Tries a miner's announced endpoint as a caller would, stage by stage, and says what to mend.
Any neuron of any chain, by --uid or --hotkey; without them the wallet's own. Best run on another machine than the
miner's: from there firewalls and routers are on the way. Exit code 1 where a stage fails.`,
  settings: {
    ...minerTargetSettings,
    'caller.wallet.name': setting(z.string().optional(), {
      help: 'a wallet whose hotkey is registered on the subnet, to be let in and ask; nothing is spent',
      takes: 'NAME',
    }),
    'caller.wallet.hotkey': setting(z.string().default('default'), { help: "that wallet's hotkey", takes: 'NAME' }),
    ...passwordSettings,
    timeoutMs: setting(count.default(10_000), { help: 'for each stage', takes: 'MS' }),
    ...chainSettings,
    ...json,
  },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const target = await minerTarget(values, io)
    const caller = await callerOf(values, io)
    const { genesis, neuron } = await withChain(values, async (chain) => {
      const { getMetagraph } = await import('../chain/getMetagraph.ts')
      const metagraph = await getMetagraph(chain, { netuid })
      return { genesis: chain.api.genesisHash.toHex(), neuron: neuronOf(metagraph, target) }
    })
    const stages: Stage[] = []
    if (neuron === undefined) stages.push(notRegistered('hotkey' in target ? target.hotkey : '', netuid))
    else {
      stages.push({ name: 'registration', outcome: 'ok', detail: `uid ${neuron.uid}, ${neuron.hotkey}` })
      const stranger = localSigner(await pairFromSeed(randomBytes(32)))
      const { checkAxon } = await import('./miner/checkAxon.ts')
      const { timeoutMs } = values
      for await (const stage of checkAxon({ neuron, genesis, netuid, caller, stranger, timeoutMs })) stages.push(stage)
    }
    const isGood = stages.every(({ outcome }) => outcome !== 'failed')
    if (values.json) io.print(jsonText({ netuid, uid: neuron?.uid ?? null, ok: isGood, stages }))
    else io.print(forPeople(stages))
    return isGood ? 0 : 1
  },
})

interface CallerFlags {
  readonly 'caller.wallet.name'?: string | undefined
  readonly 'caller.wallet.hotkey': string
  readonly 'wallet.path': string
  readonly 'wallet.password-file'?: string | undefined
}

async function callerOf(flags: CallerFlags, io: CommandIo): Promise<Signer | undefined> {
  const name = flags['caller.wallet.name']
  if (name === undefined) return undefined
  const hotkey = flags['caller.wallet.hotkey']
  return await walletOf({ ...flags, 'wallet.name': name, 'wallet.hotkey': hotkey }, io).hotkeySigner()
}

function notRegistered(hotkey: string, netuid: number): Stage {
  return {
    name: 'registration',
    outcome: 'failed',
    detail: `${hotkey} is not on subnet ${netuid}`,
    mend: `register it: faculty subnet register --netuid ${netuid}; or it was replaced: faculty miner status tells how near`,
  }
}

function forPeople(stages: readonly Stage[]): string {
  const rows = stages.map(({ name, outcome, ms, detail }) => [
    name,
    outcome,
    ms === undefined ? '' : `${ms} ms`,
    detail,
  ])
  const mends = stages.flatMap(({ name, mend }) => (mend === undefined ? [] : [`${name}: ${mend}`]))
  return [
    table(['STAGE', 'RESULT', 'TIME', 'WHAT WAS FOUND'], rows),
    ...(mends.length === 0 ? [] : ['', ...mends]),
  ].join('\n')
}
