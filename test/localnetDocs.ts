import { readFileSync, writeFileSync } from 'node:fs'
import { packagePath } from '../src/base/packagePath.ts'
import { localnetRuntime } from '../src/localnet/localnetRuntime.ts'
import { allMethods } from '../src/localnet/rpc/methods.ts'

// `node --import tsx test/localnetDocs.ts` writes the tables of docs/localnet.md anew, out of the code. What the real
// chain has and the localnet has not is read off the main network's metadata of spec 424.

const page = packagePath('docs', 'localnet.md')
const [begin, end] = ['<!-- generated: begin -->', '<!-- generated: end -->']

interface RealPallet {
  readonly pallet: string
  readonly calls?: readonly (readonly [number, string, unknown])[]
  readonly storage?: readonly (readonly [string, ...unknown[]])[]
}

interface Real {
  readonly pallets: readonly RealPallet[]
  readonly runtimeApis: readonly {
    readonly api: string
    readonly methods: readonly (readonly [string, ...unknown[]])[]
  }[]
}

/** The page with fresh tables between its two marks. @throws Error where the page lacks them */
export function freshPage(current: string): string {
  const [from, to] = [current.indexOf(begin), current.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/localnet.md: the marks ${begin} and ${end} are missing`)
  return `${current.slice(0, from + begin.length)}\n\n${tables()}\n\n${current.slice(to)}`
}

export function currentPage(): string {
  return readFileSync(page, 'utf8')
}

function tables(): string {
  const real = JSON.parse(
    readFileSync(packagePath('test', 'vectors', 'chain', 'subtensor-metadata-424.json'), 'utf8'),
  ) as Real
  return [palletTables(real), apiTable(real), methodTable()].join('\n\n')
}

function palletTables({ pallets }: Real): string {
  const ours = localnetRuntime('fast').pallets
  const rows = pallets.map(({ pallet, calls = [], storage = [] }) => {
    const own = ours.find(({ name }) => name === pallet)
    return {
      pallet,
      calls: compare(
        Object.keys(own?.calls ?? {}),
        calls.map(([, name]) => name),
      ),
      storage: compare(
        Object.keys(own?.storage ?? {}),
        storage.map(([name]) => name),
      ),
    }
  })
  const there = rows.filter(({ pallet }) => ours.some(({ name }) => name === pallet))
  const absent = rows.filter((row) => !there.includes(row)).map(({ pallet }) => pallet)
  const table = there.map(({ pallet, calls, storage }) => `| ${pallet} | ${countOf(calls)} | ${countOf(storage)} |`)
  return [
    '### Pallets',
    ['| pallet | calls | storage items |', '| --- | --- | --- |', ...table].join('\n'),
    `Pallets of the main network that are not here: ${listOf(absent)}.`,
    ...there.flatMap(({ pallet, calls, storage }) => [
      `#### ${pallet}`,
      [`- Calls: ${listOf(calls.there)}.`, ...missing('Calls', calls), ...strange('Calls', calls)].join('\n'),
      [`- Storage: ${listOf(storage.there)}.`, ...missing('Storage', storage), ...strange('Storage', storage)].join(
        '\n',
      ),
    ]),
  ].join('\n\n')
}

function apiTable({ runtimeApis }: Real): string {
  const ours = localnetRuntime('fast').apis.flatMap(({ name, methods }) =>
    Object.keys(methods).map((method) => `${name}_${method}`),
  )
  const names = runtimeApis.flatMap(({ methods }) => methods.map(([name]) => name))
  const compared = compare(ours, names)
  return [
    '### Runtime APIs',
    [
      `- \`state_call\` answers: ${listOf(compared.there)}.`,
      ...missing('Methods', compared),
      ...strange('Methods', compared),
    ].join('\n'),
  ].join('\n\n')
}

function methodTable(): string {
  const names = [...allMethods().keys()].sort()
  const namespaceOf = (name: string): string => name.slice(0, name.indexOf('_'))
  const rows = [...new Set(names.map(namespaceOf))].map(
    (namespace) => `| ${namespace} | ${listOf(names.filter((name) => namespaceOf(name) === namespace))} |`,
  )
  return ['### JSON-RPC methods', ['| namespace | methods |', '| --- | --- |', ...rows].join('\n')].join('\n\n')
}

interface Compared {
  readonly there: readonly string[]
  readonly missing: readonly string[]
  /** Ours alone: the layout of a release before or after 424. */
  readonly strange: readonly string[]
}

function compare(ours: readonly string[], real: readonly string[]): Compared {
  return {
    there: ours.filter((name) => real.includes(name)).sort(),
    missing: real.filter((name) => !ours.includes(name)).sort(),
    strange: ours.filter((name) => !real.includes(name)).sort(),
  }
}

const countOf = ({ there, missing }: Compared): string => `${there.length} of ${there.length + missing.length}`
const listOf = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || 'none'

function missing(what: string, compared: Compared): string[] {
  return compared.missing.length === 0 ? [] : [`- ${what} that are not here: ${listOf(compared.missing)}.`]
}

function strange(what: string, compared: Compared): string[] {
  return compared.strange.length === 0 ? [] : [`- ${what} of another release than 424: ${listOf(compared.strange)}.`]
}

if (process.argv[1] === packagePath('test', 'localnetDocs.ts')) writeFileSync(page, freshPage(currentPage()))
