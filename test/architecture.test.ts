import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Sources, violationsIn } from './architecture/violationsIn.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')))
const declared = Object.keys(manifest.dependencies)

test('the sources keep to the architecture', () => {
  const paths = ['src', 'miners', 'validators'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('node_modules'))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  )
  // A list that finds nothing would find no fault either.
  expect(paths.length).toBeGreaterThan(200)
  const sources = Object.fromEntries(paths.map((path) => [path, readFileSync(root + path, 'utf8')]))
  expect(violationsIn(sources, declared)).toEqual([])
})

describe('the checker finds', () => {
  const stub = (...paths: string[]): Sources => Object.fromEntries(paths.map((path) => [path, 'export const a = 1\n']))
  const check = (sources: Sources): string[] => violationsIn(sources, ['zod', '@polkadot/api', 'ws', 'pino'])

  const breaches: readonly [what: string, sources: Sources, found: string[]][] = [
    [
      'a folder that imports one above it',
      { ...stub('src/axon/a.ts'), 'src/wire/b.ts': "import { a } from '../axon/a.ts'\n" },
      ['src/wire/b.ts: wire may not import axon'],
    ],
    [
      'also by type, over several lines',
      { ...stub('src/chain/a.ts'), 'src/localnet/b.ts': "import type {\n  A,\n  B,\n} from '../chain/a.ts'\n" },
      ['src/localnet/b.ts: localnet may not import chain'],
    ],
    [
      'also by re-export, dynamic import and worker URL',
      {
        ...stub('src/axon/a.ts'),
        'src/dendrite/b.ts': "export { a } from '../axon/a.ts'\n",
        'src/dendrite/c.ts': "export * from '../axon/a.ts'\n",
        'src/dendrite/d.ts': "const load = () => import('../axon/a.ts')\n",
        'src/dendrite/e.ts': "const worker = new Worker(new URL('../axon/a.ts', import.meta.url))\n",
      },
      ['b', 'c', 'd', 'e'].map((file) => `src/dendrite/${file}.ts: dendrite may not import axon`),
    ],
    [
      'a value where only types are allowed',
      {
        ...stub('src/engine/a.ts'),
        'src/domain/b.ts': "import type { A } from '../engine/a.ts'\n",
        'src/domain/c.ts': "import { type A, a } from '../engine/a.ts'\n",
      },
      ['src/domain/c.ts: domain may import only types of engine'],
    ],
    [
      'a folder that the table does not know',
      {
        ...stub('src/base/a.ts'),
        'src/utils/b.ts': "import { a } from '../base/a.ts'\n",
      },
      ['src/utils/b.ts: utils is no folder of the architecture'],
    ],
    [
      'an import of cli and of the public surface',
      {
        ...stub('src/cli/a.ts', 'src/index.ts'),
        'src/miner/b.ts': "import { a } from '../cli/a.ts'\nimport { c } from '../index.ts'\n",
      },
      ['src/miner/b.ts: imports cli, which nothing may', 'src/miner/b.ts: imports src/index.ts, which is for others'],
    ],
    ['an inner barrel', stub('src/wire/index.ts', 'src/index.ts'), ['src/wire/index.ts: an inner barrel']],
    [
      'an import of a file that is not there',
      { 'src/wire/a.ts': "import { b } from './b.ts'\n" },
      ['src/wire/a.ts: ./b.ts does not exist'],
    ],
    [
      'Node and promises in the consensus mathematics',
      {
        'src/yuma/a.ts': "import { cpus } from 'node:os'\n",
        'src/yuma/b.ts': '// A Promise in a comment is none.\nexport async function b() {}\n',
      },
      ['src/yuma/a.ts: node:os in yuma', 'src/yuma/b.ts: a promise in yuma'],
    ],
    [
      'Node behind what browsers load, with the way to it',
      {
        'src/base/log.ts': "import { pino } from 'pino'\nimport type { Stats } from 'node:fs'\n",
        'src/wire/a.ts': "import { log } from '../base/log.ts'\n",
        'src/client/b.ts': "import { webcrypto } from 'node:crypto'\n",
      },
      [
        'src/wire/a.ts > src/base/log.ts: pino is not there in browsers',
        'src/client/b.ts: node:crypto is not there in browsers',
      ],
    ],
    [
      'a second file that opens @polkadot/api, and a package that nobody installs',
      {
        'src/chain/connect.ts': "import { ApiPromise } from '@polkadot/api'\n",
        'src/chain/a.ts': "import type { SubmittableExtrinsic } from '@polkadot/api/types'\n",
        'src/chain/b.ts': "import { Keyring } from '@polkadot/api'\nimport lodash from 'lodash'\n",
      },
      [
        'src/chain/b.ts: @polkadot/api is for src/chain/connect.ts alone',
        'src/chain/b.ts: lodash is not among the dependencies in package.json',
      ],
    ],
    [
      'a cycle of values, not one of types',
      {
        'src/wire/a.ts': "import { b } from './b.ts'\n",
        'src/wire/b.ts': "import { c } from './c.ts'\nimport type { A } from './a.ts'\n",
        'src/wire/c.ts': "import { a } from './a.ts'\n",
      },
      ['a cycle: src/wire/a.ts > src/wire/b.ts > src/wire/c.ts > src/wire/a.ts'],
    ],
    [
      'a plug-in that does what an outside author could not',
      {
        ...stub(
          'src/domain/defineValidator.ts',
          'validators/shared/s.ts',
          'validators/law/b.ts',
          'validators/medicine/c.ts',
        ),
        'validators/law/a.ts':
          "import { d } from 'faculty/defineValidator'\nimport { s } from '../shared/s.ts'\nimport { b } from './b.ts'\n" +
          "import { c } from '../medicine/c.ts'\nimport { e } from '../../src/domain/defineValidator.ts'\n" +
          "import { z } from 'zod'\nimport { f } from 'faculty/defineMiner'\n",
      },
      [
        'validators/law/a.ts: ../medicine/c.ts: a plug-in of validators imports only its own folder and faculty/defineValidator',
        'validators/law/a.ts: ../../src/domain/defineValidator.ts: a plug-in of validators imports only its own folder and faculty/defineValidator',
        'validators/law/a.ts: zod: a plug-in of validators imports only its own folder and faculty/defineValidator',
        'validators/law/a.ts: faculty/defineMiner: a plug-in of validators imports only its own folder and faculty/defineValidator',
      ],
    ],
    [
      'a source file that names a plug-in',
      { ...stub('miners/law/miner.ts'), 'src/cli/a.ts': "import miner from '../../miners/law/miner.ts'\n" },
      ['src/cli/a.ts: reaches into miners/law/miner.ts, which domain/load.ts finds at run time'],
    ],
  ]
  test.each(breaches)('%s', (_what, sources, found) => {
    expect(check(sources)).toEqual(found)
  })
})
