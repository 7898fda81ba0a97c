import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { checkOnChain, checkReceipt } from '../../../src/client/checkReceipt.ts'
import {
  createClient,
  type ProvenAnswer,
  readReceiptFile,
  verifyAnswer,
  writeReceiptFile,
} from '../../../src/client/client.ts'
import type { Receipt } from '../../../src/wire/receipt.ts'
import { World } from '../gateway/world.ts'

const world = new World()
let answer: ProvenAnswer
let otherHotkey: string
beforeAll(async () => {
  const { neuron } = await world.miner({ uid: 1, incentive: 1 })
  otherHotkey = (await world.miner({ uid: 2, incentive: 0 })).neuron.hotkey
  const client = createClient({ baseUrl: (await world.gateway(() => [neuron])).url })
  answer = await client.ask({ domain: 'medicine', question: 'What dose?' })
})
afterAll(() => world.close())

const failed = (of: ProvenAnswer): string[] => checkReceipt(of).flatMap(({ check, ok }) => (ok ? [] : [check]))

/** The same kind of value, and another one. */
function flip(field: string, value: string | number): string | number {
  if (typeof value === 'number') return value + 1
  if (field === 'miner' || field === 'caller') return otherHotkey
  if (field === 'domain') return 'law'
  if (field === 'requestId') return `${value}x`
  return value.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
}

/** Fields that the file states beside the receipt, so that a change of the receipt alone is seen there too. */
const stated = ['requestHash', 'settingsHash', 'answerHash', 'miner', 'domain', 'promptTokens', 'completionTokens']

describe('a kept receipt', () => {
  it('fits, and says what was looked at', () => {
    expect(verifyAnswer(answer)).toEqual({ ok: true })
    expect(failed(answer)).toEqual([])
    expect(checkReceipt(answer).map(({ check }) => check)).toEqual([...stated, 'signature'])
  })

  it('does not fit with any field changed, and the field is named where the file states it', () => {
    const fields = Object.keys(answer.receipt).filter((field) => field !== 'signature' && field !== 'version')
    expect(fields).toHaveLength(14)
    for (const name of fields) {
      const field = name as keyof Receipt
      const receipt = { ...answer.receipt, [field]: flip(field, answer.receipt[field]) } as Receipt
      expect(failed({ ...answer, receipt }), field).toEqual(
        stated.includes(field) ? [field, 'signature'] : ['signature'],
      )
      expect(verifyAnswer({ ...answer, receipt }), field).toMatchObject({
        ok: false,
        part: stated.includes(field) ? field : 'signature',
      })
    }
    const signature = flip('signature', answer.receipt.signature) as string
    expect(failed({ ...answer, receipt: { ...answer.receipt, signature } })).toEqual(['signature'])
  })

  it('does not fit another question, setting, answer, count, miner, domain or key', () => {
    const messages = [{ role: 'user' as const, content: 'What else?' }]
    const others: [keyof ProvenAnswer, ProvenAnswer][] = [
      ['request', { ...answer, request: { ...answer.request, messages } }],
      ['request', { ...answer, request: { ...answer.request, temperature: 1 } }],
      ['text', { ...answer, text: `${answer.text}!` }],
      ['promptTokens', { ...answer, promptTokens: 1 }],
      ['completionTokens', { ...answer, completionTokens: 1 }],
      ['miner', { ...answer, miner: { ...answer.miner, hotkey: otherHotkey } }],
      ['domain', { ...answer, domain: 'law' }],
      ['publicKey', { ...answer, publicKey: flip('publicKey', answer.publicKey) as string }],
    ]
    const seen = others.map(([, other]) => failed(other))
    expect(seen).toEqual([
      ['requestHash'],
      ['settingsHash'],
      ['answerHash'],
      ['promptTokens'],
      ['completionTokens'],
      ['miner'],
      ['domain'],
      ['signature'],
    ])
  })

  it('is held against the chain: its genesis, and the key that the hotkey published', () => {
    const { genesis } = answer.receipt
    const outcome = (facts: Parameters<typeof checkOnChain>[1]) => checkOnChain(answer, facts).map(({ ok }) => ok)
    expect(outcome({ genesis, publishedKey: answer.publicKey })).toEqual([true, true])
    expect(outcome({ genesis: `0x${'00'.repeat(32)}`, publishedKey: answer.publicKey })).toEqual([false, true])
    expect(outcome({ genesis, publishedKey: '00'.repeat(32) })).toEqual([true, false])
    expect(outcome({ genesis, publishedKey: undefined })).toEqual([true, false])
  })
})

describe('a receipt file', () => {
  it('holds all that a check needs', () => {
    const kept = readReceiptFile(writeReceiptFile(answer), 'receipt.json')
    expect(failed(kept)).toEqual([])
    expect(kept.receipt).toEqual(answer.receipt)
    expect(kept.request).toEqual(answer.request)
  })

  it('is refused where it is not one, with the field named', () => {
    const faults: [(file: Record<string, unknown>) => unknown, RegExp][] = [
      [(file) => ({ ...file, format: 'faculty-receipt/9' }), /r\.json\.format/],
      [(file) => ({ ...file, publicKey: 'abc' }), /r\.json\.publicKey/],
      [(file) => ({ ...file, receipt: { ...(file.receipt as object), signature: '' } }), /r\.json\.receipt\.signature/],
      [(file) => ({ ...file, text: undefined }), /r\.json\.text/],
      [() => [], /r\.json/],
    ]
    for (const [change, field] of faults) {
      const file = JSON.stringify(change(JSON.parse(writeReceiptFile(answer))))
      expect(() => readReceiptFile(file, 'r.json')).toThrow(InputError)
      expect(() => readReceiptFile(file, 'r.json')).toThrow(field)
    }
    expect(() => readReceiptFile('no JSON', 'r.json')).toThrow(InputError)
  })
})
