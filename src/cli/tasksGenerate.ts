import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import type { Task } from '../domain/defineValidator.ts'
import { generateTasks, taskSets } from '../domain/generateTasks.ts'
import { loadValidator } from '../domain/load.ts'
import { workedAnswer } from '../domain/workedAnswer.ts'
import { defineCommand } from './command.ts'

const linesAtOnce = 256

function shown(task: Task): string {
  const lines = `Q: ${task.question}\nW: ${workedAnswer(task)}`.split('\n')
  return `${task.family}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

export const command = defineCommand({
  summary: 'Prints tasks of a domain, truth and working included; the same seed prints the same tasks.',
  settings: {
    domain: setting(z.string().optional(), { help: 'law, medicine, finance or the path of a folder', takes: 'NAME' }),
    seed: setting(z.string().default('0'), { help: 'any text or number', takes: 'N' }),
    count: setting(z.coerce.number().int().min(0).default(10), { help: 'how many', takes: 'N' }),
    families: setting(z.string().optional(), { help: 'only these, comma-separated', takes: 'LIST' }),
    set: setting(z.enum(taskSets).optional(), {
      help: 'only what models are trained on (training), or what is held out of it (sentences, ranges)',
      takes: 'SET',
    }),
    jsonl: setting(z.boolean().default(false), { help: 'one JSON object a line' }),
  },
  run: async ({ values }, io) => {
    if (values.domain === undefined) throw new InputError('--domain', '', 'name one: law, medicine or finance')
    const validator = await loadValidator(values.domain)
    const options = {
      seed: values.seed,
      count: values.count,
      ...(values.families === undefined ? {} : { families: values.families.split(',').map((name) => name.trim()) }),
      ...(values.set === undefined ? {} : { set: values.set }),
    }
    let lines: string[] = []
    for (const task of generateTasks(validator, options)) {
      lines.push(values.jsonl ? JSON.stringify(task) : shown(task))
      if (lines.length === linesAtOnce) {
        io.print(lines.join('\n'))
        lines = []
      }
    }
    if (lines.length > 0) io.print(lines.join('\n'))
    return 0
  },
})
