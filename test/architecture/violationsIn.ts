import { dirname, posix } from 'node:path'
import { type Import, importsOf } from './importsOf.ts'
import { allowed, nodeOnlyPackages, onlyOpener, plugInContract, pure, runsInBrowsers } from './rules.ts'

/** Paths from the repository's root, such as `src/yuma/epoch.ts`, with the text of each file. */
export type Sources = Readonly<Record<string, string>>

interface Edge extends Import {
  /** Path of the file where it is one of ours. */
  readonly path: string | undefined
}

/**
 * Every breach of the import rules, one line each.
 *
 * @param declared names of the packages that are installed with ours
 */
export function violationsIn(sources: Sources, declared: readonly string[]): string[] {
  const graph = new Map<string, readonly Edge[]>()
  for (const [path, source] of Object.entries(sources))
    graph.set(
      path,
      importsOf(source).map((one) => edge(path, one)),
    )
  const found: string[] = []
  for (const [path, edges] of graph) {
    if (posix.basename(path) === 'index.ts' && path !== 'src/index.ts') found.push(`${path}: an inner barrel`)
    for (const one of edges) {
      const problem = problemOf(path, one, declared)
      if (problem !== undefined) found.push(`${path}: ${problem}`)
      if (one.path !== undefined && !graph.has(one.path)) found.push(`${path}: ${one.specifier} does not exist`)
    }
    if (pure.includes(roomOf(path)) && /\b(?:async|await|Promise)\b/.test(withoutComments(sources[path]!))) {
      found.push(`${path}: a promise in ${roomOf(path)}`)
    }
  }
  return [...found, ...browserBreaches(graph), ...cycles(graph)]
}

function problemOf(from: string, { specifier, isType, path }: Edge, declared: readonly string[]): string | undefined {
  const [top] = from.split('/')
  const contract = plugInContract[top!]
  if (contract !== undefined) return plugInProblem(from, path, specifier, contract)
  if (path === undefined) return packageProblem(from, specifier, isType, declared)
  if (path.split('/')[0]! in plugInContract) return `reaches into ${path}, which domain/load.ts finds at run time`
  if (path === 'src/index.ts') return 'imports src/index.ts, which is for others'
  const room = roomOf(from)
  const target = roomOf(path)
  if (room === target || from === 'src/index.ts') return undefined
  if (target === 'cli') return 'imports cli, which nothing may'
  const rule = allowed[room]
  if (rule === undefined) return `${room} is no folder of the architecture`
  if (rule === 'anything') return undefined
  if (rule.includes(target)) return undefined
  const forTypes = rule.some((one) => typeof one === 'object' && one.types === target)
  if (forTypes && isType) return undefined
  return forTypes ? `${room} may import only types of ${target}` : `${room} may not import ${target}`
}

function plugInProblem(
  from: string,
  path: string | undefined,
  specifier: string,
  contract: string,
): string | undefined {
  if (specifier === contract) return undefined
  const [top, domain] = from.split('/')
  const inside = path?.startsWith(`${top}/${domain}/`) === true || path?.startsWith(`${top}/shared/`) === true
  return inside ? undefined : `${specifier}: a plug-in of ${top} imports only its own folder and ${contract}`
}

function packageProblem(from: string, specifier: string, isType: boolean, declared: readonly string[]) {
  if (specifier.startsWith('node:')) {
    return pure.includes(roomOf(from)) ? `${specifier} in ${roomOf(from)}` : undefined
  }
  if (isType) return undefined
  const name = packageOf(specifier)
  const opener = onlyOpener[name]
  if (opener !== undefined && opener !== from) return `${name} is for ${opener} alone`
  return declared.includes(name) ? undefined : `${name} is not among the dependencies in package.json`
}

/** The way from a file that browsers load to something that they lack, whole. */
function browserBreaches(graph: ReadonlyMap<string, readonly Edge[]>): string[] {
  const found: string[] = []
  const visited = new Set<string>()
  const walk = (path: string, way: readonly string[]): void => {
    if (visited.has(path)) return
    visited.add(path)
    for (const { specifier, isType, path: next } of graph.get(path) ?? []) {
      if (isType) continue
      if (next !== undefined) walk(next, [...way, next])
      else if (specifier.startsWith('node:') || nodeOnlyPackages.includes(packageOf(specifier))) {
        found.push(`${way.join(' > ')}: ${specifier} is not there in browsers`)
      }
    }
  }
  for (const path of graph.keys()) if (runsInBrowsers.includes(roomOf(path))) walk(path, [path])
  return found
}

/** Circles of files that load each other; types may refer to each other. */
function cycles(graph: ReadonlyMap<string, readonly Edge[]>): string[] {
  const found: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const walk = (path: string, way: readonly string[]): void => {
    state.set(path, 'open')
    for (const { isType, path: next } of graph.get(path) ?? []) {
      if (isType || next === undefined) continue
      if (state.get(next) === 'open') found.push(`a cycle: ${[...way.slice(way.indexOf(next)), next].join(' > ')}`)
      else if (!state.has(next)) walk(next, [...way, next])
    }
    state.set(path, 'done')
  }
  for (const path of graph.keys()) if (!state.has(path)) walk(path, [path])
  return found
}

function edge(from: string, one: Import): Edge {
  const path = one.specifier.startsWith('.') ? posix.join(dirname(from), one.specifier) : undefined
  return { ...one, path }
}

/** Folder of src that a file belongs to; `src` for `src/index.ts`. */
function roomOf(path: string): string {
  const [top, room, inner] = path.split('/')
  return top === 'src' && inner !== undefined ? room! : top!
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
