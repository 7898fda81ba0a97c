import { templateMiner, templateTest, templateValidator } from './templateSources.ts'

export interface TemplateOptions {
  /** The domain's name. */
  readonly name: string
  /** Of this package, for the new one's dependencies. */
  readonly version: string
}

/** The files of a new domain by path: complete, so that all of it runs before a line is changed. */
export function templateFiles({ name, version }: TemplateOptions): Readonly<Record<string, string>> {
  return {
    'validator.ts': templateValidator(name),
    'miner.ts': templateMiner(name),
    'manifest.json': jsonFile({
      format: 'faculty-manifest/1',
      title: `${name}: say in a line what its miners answer`,
      inputs: [{ name: 'question', kind: 'text', unit: 'characters of English', most: 2_000 }],
      outputs: [{ name: 'number', kind: 'number', unit: 'as the question asks' }],
      models: {},
    }),
    'domain.test.ts': templateTest,
    'package.json': jsonFile({
      name: `faculty-${name}`,
      version: '0.1.0',
      private: true,
      type: 'module',
      scripts: {
        test: 'node --import tsx --test domain.test.ts',
        sim: 'faculty sim --domain .',
        up: 'faculty up --domains .',
      },
      dependencies: { faculty: `^${version}` },
      devDependencies: { tsx: '^4.0.0' },
    }),
    'README.md': readme(name),
    '.gitignore': 'node_modules\n',
  }
}

function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function readme(name: string): string {
  return `# ${name}

A domain for a Bittensor-style subnet run with Faculty.

| file | what it is |
| --- | --- |
| \`validator.ts\` | the questions, and how answers are scored |
| \`miner.ts\`, \`manifest.json\` | a miner that answers them, for now without a model |
| \`domain.test.ts\` | that every task can be answered and is scored right |

\`\`\`sh
npm test                                             # the domain's own test
faculty tasks generate --domain . --count 5          # look at some questions
faculty sim --domain .                               # who would earn what, attacks included
faculty up --domains .                               # a whole subnet on this machine
faculty miner run --domain . --netuid N              # a miner on a real subnet
faculty validator run --domains . --netuid N         # a validator on a real subnet
\`\`\`

Before \`npm install\` the folder \`node_modules\` links to the Faculty that made it.

Change next: the task family in \`validator.ts\` (draw everything from \`rng\`, so that no answer key can be published), then
\`miner.ts\` (take out \`model: 'none'\` and name a model in \`manifest.json\`), and look at \`faculty sim\` after each change.
Faculty's docs/authors.md says more.
`
}
