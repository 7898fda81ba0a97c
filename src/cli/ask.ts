import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { withoutControls } from '../base/withoutControls.ts'
import { type Answer, type AskOptions, createClient, writeReceiptFile } from '../client/client.ts'
import { defineCommand } from './command.ts'
import { needWritable } from './needWritable.ts'
import { makePlainCalls } from './plainCalls.ts'
import { count, json } from './settings.ts'
import { jsonText } from './table.ts'

/** Zero incentive has two reasons, and a gateway cannot tell them apart. */
const unscoredNote =
  'note: this miner has no incentive: validators have not scored it yet, or found it no good. Do not rely on its answer.'

export const command = defineCommand({
  summary: "Asks the subnet's best miner of a domain a question and checks the receipt of its answer.",
  usage: 'QUESTION',
  settings: {
    domain: setting(z.string().optional(), { help: 'law, medicine or finance', short: 'd', takes: 'NAME' }),
    gateway: setting(
      z.url({ protocol: /^https?$/, error: 'give an http:// or https:// address' }).default('http://127.0.0.1:8080'),
      {
        help: 'address of the gateway',
        env: 'FACULTY_GATEWAY',
        takes: 'URL',
      },
    ),
    system: setting(z.string().optional(), { help: 'a system message before the question', takes: 'TEXT' }),
    'max-tokens': setting(count.optional(), { help: 'length of the answer at most', takes: 'N' }),
    temperature: setting(z.coerce.number().min(0).max(2).optional(), {
      help: '0 (as without it): the most likely answer; more: drawn by chance',
      takes: 'X',
    }),
    seed: setting(z.coerce.number().int().optional(), { help: 'for answers drawn by chance', takes: 'N' }),
    receipt: setting(z.string().optional(), {
      help: 'save the answer with its receipt here, for faculty receipt verify',
      takes: 'FILE',
    }),
    ...json,
  },
  run: async ({ values, positionals }, io) => {
    const question = positionals.join(' ').trim()
    if (question === '') throw new InputError('QUESTION', '', 'put the question in quotes behind the command')
    if (values.receipt !== undefined) needWritable('--receipt', values.receipt)
    const client = createClient({ baseUrl: values.gateway })
    const { domain } = values
    if (domain === undefined) {
      throw new InputError('--domain', '', `name one; the gateway has ${(await client.models()).join(', ')}`)
    }
    const options: AskOptions = {
      domain,
      messages: [
        ...(values.system === undefined ? [] : [{ role: 'system' as const, content: values.system }]),
        { role: 'user', content: question },
      ],
      ...(values['max-tokens'] !== undefined && { maxTokens: values['max-tokens'] }),
      ...(values.temperature !== undefined && { temperature: values.temperature }),
      ...(values.seed !== undefined && { seed: values.seed }),
      signal: io.stop,
    }
    let answer: Answer | undefined
    const calls = makePlainCalls()
    let begun = false
    for await (const event of client.askStream(options)) {
      if (event.type === 'done') answer = event.answer
      else if (!values.json) {
        // Programs get the text as it was signed.
        const shown = io.isTerminal ? calls.add(withoutControls(event.text)) : event.text
        process.stdout.write(io.isTerminal && !begun ? shown.trimStart() : shown)
        begun ||= shown.trim() !== ''
      }
    }
    if (answer === undefined) throw new Error('askStream ended without an answer')
    if (values.receipt !== undefined) await writeFile(values.receipt, writeReceiptFile(answer), { mode: 0o600 })
    if (values.json) {
      const { text, request, receipt, miner, incentive, publicKey, reason, promptTokens, completionTokens, elapsedMs } =
        answer
      const verified = true
      const counts = { reason, promptTokens, completionTokens, elapsedMs: Math.round(elapsedMs) }
      io.print(jsonText({ answer: text, domain, miner, incentive, ...counts, verified, publicKey, receipt, request }))
    } else io.print(`${calls.rest()}\n${summary(answer)}`)
    return 0
  },
})

function summary({ miner, incentive, completionTokens, elapsedMs }: Answer): string {
  const tokens = `${completionTokens} token${completionTokens === 1 ? '' : 's'}`
  const line = `miner ${miner.uid} · ${tokens} · ${Math.round(elapsedMs)} ms · receipt verified`
  return incentive > 0 ? line : `${line}\n${unscoredNote}`
}
