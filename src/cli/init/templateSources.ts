/** `validator.ts` of a new domain. */
export function templateValidator(name: string): string {
  return `${imports('{ defineValidator, type Task, type TaskFamily }', 'faculty/defineValidator')}

/** A kind of question. Everything is drawn from \`rng\`: the same seed gives the same task, and no answer key can be published. */
const invoice: TaskFamily = {
  name: 'invoice',
  source: 'quantity times price less a discount; name here the rule, year and section that your questions test',
  make: (rng) => {
    const pieces = rng.int(2, 60)
    const price = rng.int(100, 20_000) / 100
    const percent = rng.int(1, 30)
    const value = Math.round(pieces * price * (100 - percent)) / 100
    const question = rng.pick([
      \`An order is for \${pieces} pieces at \${price.toFixed(2)} each, less a discount of \${percent}%. What is to be paid?\`,
      \`\${pieces} pieces cost \${price.toFixed(2)} each; the seller takes off \${percent}%. What does the invoice come to?\`,
    ])
    return {
      question: \`\${question} End with a line "Answer: " and the amount.\`,
      truth: { kind: 'number', value, tolerance: 0.011, unit: '' },
      chance: 0,
      working: \`\${pieces} x \${price.toFixed(2)} x \${100 - percent} / 100\`,
      answer: value.toFixed(2),
    }
  },
}

/** The number on the last line, which must read \`Answer: 12.34\`. What stands above it never counts. */
function finalNumber(answer: string): number | undefined {
  const last = answer.trimEnd().split('\\n').at(-1) ?? ''
  const match = /^Answer: (-?\\d{1,15}(?:\\.\\d{1,12})?)$/.exec(last.trim())
  return match === null ? undefined : Number(match[1])
}

/** Score in [0, 1]. */
function score({ truth }: Task, answer: string): number {
  const number = finalNumber(answer)
  if (truth.kind !== 'number' || number === undefined) return 0
  return Math.abs(number - truth.value) <= truth.tolerance ? 1 : 0
}

export default defineValidator({
  domain: '${name}',
  families: [invoice],
  score,
  // What an answer claims, so that copies can be told whatever the words around it.
  claim: (_, answer) => finalNumber(answer)?.toString(),
})
`
}

/** `miner.ts` of a new domain: it answers without a model, so that the domain runs at once. */
export function templateMiner(name: string): string {
  return `${imports('{ createHash }', 'node:crypto')}
${imports('{ defineMiner, type EngineEvent }', 'faculty/defineMiner')}

export default defineMiner({
  domains: ['${name}'],
  // Calculates by itself. With a model: name its folder in manifest.json and take out these two, or call
  // \`engine.generate\` in \`answer\`.
  model: 'none',
  async *answer({ messages }): AsyncGenerator<EngineEvent, void> {
    const text = reply(messages.at(-1)?.content ?? '')
    yield { type: 'text', text }
    const traceHash = createHash('sha256').update(text).digest('hex')
    yield { type: 'done', reason: 'stop', promptTokens: 0, completionTokens: 0, traceHash }
  },
})

export function reply(question: string): string {
  const [pieces, price, percent] = (question.match(/\\d+(?:\\.\\d+)?/g) ?? []).map(Number)
  if (pieces === undefined || price === undefined || percent === undefined) return 'I cannot answer this.'
  return \`Answer: \${((pieces * price * (100 - percent)) / 100).toFixed(2)}\`
}
`
}

/** `domain.test.ts` of a new domain; runs with node's own test runner. */
export const templateTest = `${imports('assert', 'node:assert/strict')}
${imports('{ test }', 'node:test')}
${imports('{ generateTasks }', 'faculty/defineValidator')}
${imports('{ reply }', './miner.ts')}
${imports('validator', './validator.ts')}

const tasks = [...generateTasks(validator, { seed: 1, count: 200 })]

test('the same seed gives the same tasks, another seed others', () => {
  const questions = (seed: number): string[] =>
    [...generateTasks(validator, { seed, count: 20 })].map(({ question }) => question)
  assert.deepEqual(questions(1), questions(1))
  assert.notDeepEqual(questions(1), questions(2))
})

test('right answers score 1, others 0', () => {
  for (const task of tasks) {
    assert.equal(validator.score(task, \`\${task.working}\\nAnswer: \${task.answer}\`), 1, task.question)
    assert.equal(validator.score(task, 'Answer: -1'), 0, task.question)
    assert.equal(validator.score(task, \`Answer: \${task.answer}\\nor another\`), 0, task.question)
  }
})

test('the miner answers', () => {
  for (const task of tasks) assert.equal(validator.score(task, reply(task.question)), 1, task.question)
})
`

/** Spelt so that whatever looks for the imports of this file does not find those of the files that it makes. */
function imports(names: string, from: string): string {
  return `import ${names} from '${from}'`
}
