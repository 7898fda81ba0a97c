import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError, messageOf } from '../base/errors.ts'
import type { Hotkey } from '../base/units.ts'
import { ChainError } from '../chain/chainError.ts'
import { checkOnChain, checkReceipt, type ReceiptCheck } from '../client/checkReceipt.ts'
import { readReceiptFile } from '../client/receiptFile.ts'
import type { ProvenAnswer } from '../client/verifyAnswer.ts'
import { toHex } from '../keys/hex.ts'
import { axonKeyOf } from '../wire/axonCertificate.ts'
import { defineCommand } from './command.ts'
import { type ChainPlace, withChain } from './openChain.ts'
import { chainSettings, json } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: "Checks an answer's receipt, and on the chain that its key is the miner's. Exit code 1 where a check fails.",
  usage: 'FILE',
  settings: {
    offline: setting(z.boolean().default(false), { help: 'do not ask a chain whose key it is' }),
    ...chainSettings,
    ...json,
  },
  run: async ({ values, positionals }, io) => {
    const [path, ...others] = positionals
    if (path === undefined || others.length > 0) {
      throw new InputError('FILE', positionals.join(' '), 'give one file, as faculty ask --receipt FILE writes it')
    }
    const answer = readReceiptFile(await textOf(path), path)
    const show = values.json ? () => undefined : (check: ReceiptCheck) => io.print(lineOf(check))
    const checks = checkReceipt(answer)
    checks.forEach(show)
    const onChain = values.offline ? [] : await chainChecks(values, answer)
    onChain.forEach(show)
    const ok = [...checks, ...onChain].every((check) => check.ok)
    if (values.json) {
      const { miner, receipt } = answer
      io.print(jsonText({ ok, offline: values.offline, miner, checks: [...checks, ...onChain], receipt }))
    } else {
      if (values.offline) io.print('skip  chain             not asked whose key this is (--offline)')
      io.print(ok ? 'The receipt fits.' : 'The receipt does not fit.')
    }
    return ok ? 0 : 1
  },
})

function lineOf({ check, ok, detail }: ReceiptCheck): string {
  return `${ok ? 'ok  ' : 'FAIL'}  ${check.padEnd(16)}  ${detail}`
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new InputError('FILE', path, 'give a readable file', { cause: error })
  }
}

async function chainChecks(place: ChainPlace, answer: ProvenAnswer): Promise<ReceiptCheck[]> {
  const { getNeuronCertificate } = await import('../chain/getNeuronCertificate.ts')
  const { netuid, miner } = answer.receipt
  try {
    return await withChain(place, async (chain) => {
      const certificate = await getNeuronCertificate(chain, { netuid, hotkey: miner as Hotkey })
      const publishedKey = axonKeyOf(certificate)
      return checkOnChain(answer, {
        genesis: chain.api.genesisHash.toHex(),
        publishedKey: publishedKey && toHex(publishedKey).slice(2),
      })
    })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    return [{ check: 'chain', ok: false, detail: `${messageOf(error)}; --offline does without` }]
  }
}
