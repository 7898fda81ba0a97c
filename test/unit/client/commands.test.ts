import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { resolveSettings } from '../../../src/base/config.ts'
import { command as ask } from '../../../src/cli/ask.ts'
import type { Command } from '../../../src/cli/command.ts'
import { command as receiptVerify } from '../../../src/cli/receiptVerify.ts'
import { World } from '../gateway/world.ts'

const world = new World()
let folder: string
let gateway: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faculty-receipt-'))
  const { neuron } = await world.miner({ uid: 9, incentive: 1 })
  gateway = (await world.gateway(() => [neuron])).url
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

/** Runs a command as `main` would; `streamed` is what it wrote to standard output piece by piece. */
async function runCommand(
  command: Command,
  argv: readonly string[],
  isTerminal = false,
): Promise<{ code: number; lines: string[]; streamed: string }> {
  const lines: string[] = []
  let streamed = ''
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    streamed += String(text)
    return true
  })
  try {
    const code = await command.run(resolveSettings(command.settings, argv, {}), {
      print: (text) => void lines.push(text),
      note: () => undefined,
      isTerminal,
      stop: new AbortController().signal,
    })
    return { code: code ?? 0, lines, streamed }
  } finally {
    spy.mockRestore()
  }
}

describe('faculty ask', () => {
  it('writes the answer and then a line about its miner and receipt', async () => {
    const { code, lines, streamed } = await runCommand(ask, [
      'What dose?',
      '--domain',
      'medicine',
      '--gateway',
      gateway,
    ])
    expect(code).toBe(0)
    expect(streamed).toBe('9: What dose?')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\nminer 9 · 3 tokens · \d+ ms · receipt verified$/)
  })

  it('says that no score vouches for a miner without incentive', async () => {
    const { neuron } = await world.miner({ uid: 8, incentive: 0 })
    const { url } = await world.gateway(() => [neuron])
    const argv = ['What dose?', '--domain', 'medicine', '--gateway', url]
    const { lines } = await runCommand(ask, argv)
    expect(lines.join('\n')).toMatch(/receipt verified\nnote: this miner has no incentive: .*not scored it yet/)
    expect(JSON.parse((await runCommand(ask, [...argv, '--json'])).lines[0]!)).toMatchObject({ incentive: 0 })
  })

  it('lets no miner play with a terminal, and gives pipes what the miner said', async () => {
    const argv = ['a\u001b[2Jb\tc\u009bd', '--domain', 'medicine', '--gateway', gateway]
    expect((await runCommand(ask, argv, true)).streamed).toBe('9: a\u{fffd}[2Jb\tc\u{fffd}d')
    expect((await runCommand(ask, argv)).streamed).toBe('9: a\u001b[2Jb\tc\u009bd')
  })

  it('prints one object with --json', async () => {
    const argv = ['What', 'dose?', '--domain', 'medicine', '--gateway', gateway, '--json', '--system', 'Be brief.']
    const { lines, streamed } = await runCommand(ask, [
      ...argv,
      '--max-tokens',
      '12',
      '--temperature',
      '0.5',
      '--seed',
      '7',
    ])
    expect(streamed).toBe('')
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      answer: '9: What dose?',
      domain: 'medicine',
      miner: { uid: 9 },
      incentive: 1,
      verified: true,
      completionTokens: 3,
      receipt: { netuid: 3, domain: 'medicine' },
      request: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'What dose?' },
        ],
        maxTokens: 12,
        temperature: 0.5,
        seed: 7,
      },
    })
  })

  it('names the domains where none was given, and wants a question', async () => {
    await expect(runCommand(ask, ['Why?', '--gateway', gateway])).rejects.toMatchObject({
      explanation: expect.stringMatching(/--domain.*medicine/),
    })
    await expect(runCommand(ask, ['--domain', 'law'])).rejects.toMatchObject({ failure: { field: 'QUESTION' } })
  })
})

describe('faculty receipt verify', () => {
  const save = async (): Promise<string> => {
    const file = join(folder, 'receipt.json')
    await runCommand(ask, ['What dose?', '--domain', 'medicine', '--gateway', gateway, '--receipt', file])
    return file
  }

  it('checks what faculty ask has saved, a line for each check', async () => {
    const file = await save()
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    const { code, lines } = await runCommand(receiptVerify, [file, '--offline'])
    expect(code).toBe(0)
    expect(lines.filter((line) => line.startsWith('ok  '))).toHaveLength(8)
    expect(lines.at(-2)).toMatch(/^skip .*--offline/)
    expect(lines.at(-1)).toBe('The receipt fits.')
  })

  it('exits with 1 where a check fails, and names the check', async () => {
    const file = await save()
    const kept = JSON.parse(readFileSync(file, 'utf8'))
    const forged = join(folder, 'forged.json')
    writeFileSync(forged, JSON.stringify({ ...kept, text: '9: Ten times as much.' }))
    const { code, lines } = await runCommand(receiptVerify, [forged, '--offline'])
    expect(code).toBe(1)
    expect(lines.filter((line) => line.startsWith('FAIL'))).toMatchObject([expect.stringMatching(/answerHash/)])
    const json = await runCommand(receiptVerify, [forged, '--offline', '--json'])
    expect(json.code).toBe(1)
    const report = JSON.parse(json.lines.join('\n'))
    expect(report).toMatchObject({ ok: false, offline: true, miner: { uid: 9 } })
    expect(report.checks.filter(({ ok }: { ok: boolean }) => !ok)).toMatchObject([{ check: 'answerHash' }])
  })

  it('wants one readable file', async () => {
    await expect(runCommand(receiptVerify, [])).rejects.toMatchObject({ failure: { field: 'FILE' } })
    await expect(runCommand(receiptVerify, [join(folder, 'none.json')])).rejects.toMatchObject({
      failure: { field: 'FILE' },
    })
  })
})
