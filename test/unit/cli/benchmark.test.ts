import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generateTasks } from '../../../src/domain/generateTasks.ts'
import { loadValidator } from '../../../src/domain/load.ts'
import { legalbenchFiles, medqaFiles, phrasebankFiles, pubmedqaFiles, writeSet } from '../domain/benchmarks/setFiles.ts'
import { type InferenceServer, model, says, startInferenceServer } from '../engine/inferenceServer.ts'
import { doneEvent, World } from '../gateway/world.ts'
import { run } from './runCommand.ts'

const expert = fileURLToPath(new URL('../../../miners/law/expert', import.meta.url))
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

test('the list has every set with licence and origin, and says nothing else with --json', async () => {
  const { out } = await run('benchmark list', [])
  expect(out).toContain('licence  CC BY-NC-SA 3.0; refused without --allow-non-commercial financial-phrasebank')
  const { out: json } = await run('benchmark list', ['--json'])
  expect((JSON.parse(json) as { name: string }[]).map(({ name }) => name)).toContain('medqa')
})

describe('a local model', () => {
  test('is asked a set of a form that it knows, and answers as its skill is', async () => {
    const validator = await loadValidator('law')
    const rows = [...generateTasks(validator, { seed: 'benchmark', count: 8, families: ['hearsay'] })]
    const tsv = [
      'index\ttext\tanswer',
      ...rows.map(({ question, answer }, i) => `${i}\t${quoted(question)}\t${answer}`),
    ]
    const folder = writeSet({ 'hearsay/README.md': '**License**: MIT\n', 'hearsay/test.tsv': tsv.join('\n') })
    const answers = join(folder, 'answers.jsonl')
    const flags = ['--dataset', 'legalbench', '--path', folder, '--engine', expert, '--answers', answers, '--json']
    const { code, json } = await run('benchmark run', flags)
    const report = json() as unknown as { groups: { name: string }[]; total: { right: number; questions: number } }
    expect(code).toBe(0)
    expect(report).toMatchObject({
      dataset: 'legalbench',
      split: 'test',
      available: 8,
      promptVersion: 1,
      model: 'law/expert',
      asked: { device: 'cpu' },
      groups: [{ name: 'hearsay', licence: 'MIT' }],
      total: { questions: 8, unparsed: 0, unanswered: 0 },
    })
    // It was trained for these: whoever guesses has 4.
    expect(report.total.right).toBeGreaterThanOrEqual(6)
    const lines = readFileSync(answers, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(8)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      group: 'hearsay',
      truth: expect.any(String),
      text: expect.any(String),
    })
  })

  test('that cannot take a question has no answer to it, which is counted and told', async () => {
    const long = `${'The lamp was lit. '.repeat(400)}Is it hearsay?`
    const folder = writeSet({
      'lamps/README.md': '**License**: MIT\n',
      'lamps/test.tsv': `text\tanswer\n${long}\tYes\nIs it hearsay?\tNo\n`,
    })
    const { out } = await run('benchmark run', ['--dataset', 'legalbench', '--path', folder, '--engine', expert])
    expect(out).toContain('1 unanswered: too-long')
    expect(out).toMatch(/^lamps +2 /m)
  })
})

describe('an inference server', () => {
  let server: InferenceServer
  beforeAll(async () => {
    server = await startInferenceServer()
  })
  afterAll(() => server.close())
  const flags = (...more: string[]): string[] => {
    return ['--upstream', server.url.href, '--upstream.model', model, '--concurrency', '1', ...more]
  }

  test('gets the prompt in its documented form; the table is what people know', async () => {
    server.pieces = ['Scurvy.', '\nAnswer', ': B']
    const { out } = await run('benchmark run', ['--dataset', 'medqa', '--path', writeSet(medqaFiles), ...flags()])
    expect(server.asked.at(-1)!.body).toMatchObject({
      messages: [
        { role: 'system', content: expect.stringContaining('the letter of the right option: A, B, C, D') },
        { role: 'user', content: expect.stringContaining('C) Vitamin D') },
      ],
      temperature: 0,
    })
    const [title, asked, , header, , row] = out.split('\n')
    expect(title).toBe('MedQA (USMLE), split test, licence MIT')
    expect(asked).toBe(`2 of 2 questions, asked ${model}, prompt 1`)
    expect(header!.trim().split(/ {2,}/)).toEqual([
      'n',
      'accuracy',
      '95 %',
      'majority',
      'chance',
      'unparsed',
      'unanswered',
      'ms',
    ])
    expect(row).toMatch(/^test +2 +50\.0% +9\.5% – 90\.5% +50\.0% +25\.0% +0 +0 +\d+$/)
  })

  test('that fails on a question is asked the next one', async () => {
    server.pieces = ['Answer: yes']
    server.next.push(says(400, 'no such thing'))
    const flagsHere = flags('--dataset', 'pubmedqa', '--path', writeSet(pubmedqaFiles), '--split', 'all', '--json')
    const { json } = await run('benchmark run', flagsHere)
    // yes, no, maybe: the first was refused, the others are not yes.
    expect(json()).toMatchObject({ total: { questions: 3, right: 0, unanswered: 1, value: 0, metric: 'macro-F1' } })
  })

  test('is asked no set whose licence was not allowed, and no split that there is not', async () => {
    const before = server.asked.length
    const path = writeSet(phrasebankFiles)
    const bank = ['--dataset', 'financial-phrasebank', '--path', path]
    await expect(run('benchmark run', flags(...bank))).rejects.toThrow('financial-phrasebank')
    await expect(run('benchmark run', flags(...bank, '--split', 'test'))).rejects.toMatchObject({
      mend: 'this set has allagree, 75agree, 66agree, 50agree',
    })
    expect(server.asked).toHaveLength(before)
    server.pieces = ['Answer: neutral']
    const { out } = await run('benchmark run', flags(...bank, '--allow-non-commercial', 'financial-phrasebank'))
    expect(out).toMatch(/^allagree +2 +50\.0%.* weighted F1 /m)
  })
})

test('a gateway is asked in the domain of the set, and its receipts are checked', async () => {
  const world = new World()
  try {
    const miner = await world.miner({
      uid: 4,
      incentive: 1,
      domains: ['medicine'],
      answer: async function* () {
        yield { type: 'text', text: 'Answer: C' }
        yield doneEvent('Answer: C')
      },
    })
    const gateway = await world.gateway(() => [miner.neuron])
    const flags = [
      '--dataset',
      'medqa',
      '--path',
      writeSet(medqaFiles),
      '--gateway',
      `http://127.0.0.1:${gateway.port}`,
    ]
    const { json } = await run('benchmark run', [...flags, '--limit', '1', '--json'])
    expect(json()).toMatchObject({ available: 2, total: { questions: 1 }, asked: { domain: 'medicine' } })
    expect(miner.asked).toHaveLength(1)
  } finally {
    await world.close()
  }
})

test("a gateway's own words move no cursor", async () => {
  const body = JSON.stringify({ error: { message: 'gone\u001b[2J\u009b1A', type: 'server_error', code: 'overloaded' } })
  const gateway = createServer((_request, response) => {
    response.writeHead(503, { 'content-type': 'application/json' }).end(body)
  }).listen(0, '127.0.0.1')
  try {
    await once(gateway, 'listening')
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
    const folder = writeSet({
      'lamps/README.md': '**License**: MIT\n',
      'lamps/test.tsv': 'text\tanswer\na\tYes\nb\tNo\n',
    })
    const { out } = await run('benchmark run', ['--dataset', 'legalbench', '--path', folder, '--gateway', url])
    expect(out).toContain('2 unanswered: gone')
    expect(out).not.toMatch(/(?!\n)\p{Cc}/u)
  } finally {
    gateway.close()
  }
})

describe('flags that cannot be', () => {
  test("leave another run's answers as they are", async () => {
    const folder = writeSet({ ...legalbenchFiles, 'answers.jsonl': 'hours of answers\n' })
    const answers = join(folder, 'answers.jsonl')
    const flags = ['--dataset', 'legalbench', '--path', folder, '--answers', answers]
    await expect(run('benchmark run', flags)).rejects.toThrow('--engine')
    await expect(run('benchmark run', [...flags, '--engine', '/nowhere'])).rejects.toMatchObject({
      failure: { code: 'bad-model' },
    })
    expect(readFileSync(answers, 'utf8')).toBe('hours of answers\n')
  })

  const nobody = 'http://127.0.0.1:1'
  test.each<[what: string, flags: string[], error: object]>([
    ['nobody to ask', [], { mend: expect.stringContaining('name one to ask') }],
    ['two to ask', ['--engine', expert, '--gateway', nobody], { mend: expect.stringContaining('name one to ask') }],
    ['a server without a model', ['--upstream', nobody], { mend: 'name the model as the servers do' }],
    ['a model that is not there', ['--engine', '/nowhere/at/all'], { failure: { code: 'bad-model' } }],
    ['a miner without its subnet', ['--miner', '3'], { failure: { field: '--netuid' } }],
    ['a gateway that is not there', ['--gateway', nobody], { failure: { code: 'unreachable' } }],
    ['answers that cannot be written', ['--answers', '/nowhere/a.jsonl'], { failure: { field: '--answers' } }],
  ])('%s', async (_what, flags, error) => {
    const legalbench = ['--dataset', 'legalbench', '--path', writeSet(legalbenchFiles)]
    await expect(run('benchmark run', [...legalbench, ...flags])).rejects.toMatchObject(error)
  })
})
