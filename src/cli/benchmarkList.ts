import { benchmarks } from '../domain/benchmarks/benchmarks.ts'
import { defineCommand } from './command.ts'
import { json } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: 'Lists the public benchmarks that can be run, with licence, metric and where to get them.',
  settings: json,
  run: async ({ values }, io) => {
    if (values.json) {
      io.print(jsonText(benchmarks.map(({ load: _, total: __, ...described }) => described)))
      return 0
    }
    for (const { name, title, domain, licence, isNonCommercial, metric, splits, from, files } of benchmarks) {
      const bound = isNonCommercial ? `; refused without --allow-non-commercial ${name}` : ''
      const lines = [
        `${name}: ${title}, ${domain}`,
        `licence  ${licence}${bound}`,
        `metric   ${metric}`,
        `splits   ${splits.join(', ')}`,
        `from     ${from}`,
        `files    ${files}`,
      ]
      io.print(`${lines.join('\n  ')}\n`)
    }
    io.print('None of them is shipped. docs/benchmarks.md says how to run one.')
    return 0
  },
})
