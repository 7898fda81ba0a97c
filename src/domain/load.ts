import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { packagePath } from '../base/packagePath.ts'
import { parseInput, parseJson } from '../base/parse.ts'
import { tsxApi } from '../base/tsxApi.ts'
import type { MinerDefinition } from './defineMiner.ts'
import type { ValidatorDefinition } from './defineValidator.ts'
import { type Manifest, manifestSchema } from './manifest.ts'

/** The domains that ship with the package. */
export const builtInDomains = ['law', 'medicine', 'finance'] as const

export interface LoadedMiner {
  readonly definition: MinerDefinition
  readonly manifest: Manifest
  /** Absolute path of the folder that holds `manifest.json`; model folders are relative to it. */
  readonly folder: string
}

const minerDefinition = z.object({
  domains: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'name a domain in lower case, e.g. law')).min(1),
  model: z.enum(['manifest', 'none']).optional(),
  answer: z.function().optional(),
})

const validatorDefinition = z.object({
  domain: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'name a domain in lower case, e.g. law'),
  families: z.array(z.object({ name: z.string().min(1), source: z.string().min(1), make: z.function() })).min(1),
  score: z.function(),
  claim: z.function().optional(),
})

/**
 * Loads a miner: a built-in domain by name, or an author's folder (with `miner.js` or `miner.ts`) by path.
 *
 * @throws InputError where the folder, its manifest or its definition cannot be used
 */
export async function loadMiner(nameOrPath: string): Promise<LoadedMiner> {
  const { folder, file } = locate('miners', nameOrPath, 'miner')
  const definition = await importDefault(file)
  parseInput(minerDefinition, definition, `${file}: default export`)
  const manifestFile = join(folder, 'manifest.json')
  if (!existsSync(manifestFile)) {
    throw new InputError('manifest', manifestFile, 'put a manifest.json beside miner.ts; see docs/authors.md')
  }
  const manifest = parseJson(manifestSchema, readFileSync(manifestFile, 'utf8'), manifestFile)
  return { definition: definition as MinerDefinition, manifest, folder }
}

/**
 * Loads a validator: a built-in domain by name, or an author's folder (with `validator.js` or `validator.ts`) by path.
 *
 * @throws InputError where the folder or its definition cannot be used
 */
export async function loadValidator(nameOrPath: string): Promise<ValidatorDefinition> {
  const { file } = locate('validators', nameOrPath, 'validator')
  const definition = await importDefault(file)
  parseInput(validatorDefinition, definition, `${file}: default export`)
  return definition as ValidatorDefinition
}

/** Where a plug-in lies. Data files of the built-in ones stay outside `dist`, so their folder and file differ. */
function locate(room: 'miners' | 'validators', nameOrPath: string, stem: string): { folder: string; file: string } {
  if (!/[/\\.]/.test(nameOrPath)) {
    const folder = packagePath(room, nameOrPath)
    const compiled = packagePath('dist', room, nameOrPath, `${stem}.js`)
    const source = join(folder, `${stem}.ts`)
    // From `src` (tests, tsx) the source is meant; from `dist` the compiled file beside it.
    const file = runsFromSource() ? source : compiled
    if (existsSync(file)) return { folder, file }
    throw new InputError('domain', nameOrPath, `name one of ${builtInDomains.join(', ')}, or give the path of a folder`)
  }
  const path = isAbsolute(nameOrPath) ? nameOrPath : resolve(nameOrPath)
  if (!existsSync(path)) throw new InputError('path', nameOrPath, `no such folder; give one that holds ${stem}.ts`)
  if (!statSync(path).isDirectory()) return { folder: dirname(path), file: path }
  const file = ['.js', '.mjs', '.ts'].map((end) => join(path, stem + end)).find((candidate) => existsSync(candidate))
  if (file === undefined) throw new InputError('path', nameOrPath, `the folder holds no ${stem}.js or ${stem}.ts`)
  return { folder: path, file }
}

function runsFromSource(): boolean {
  return fileURLToPath(import.meta.url).endsWith('.ts')
}

async function importDefault(file: string): Promise<unknown> {
  try {
    const module =
      file.endsWith('.ts') && !runsFromSource() ? await importTypeScript(file) : await import(pathToFileURL(file).href)
    return (module as { default?: unknown }).default
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError('module', file, `it could not be imported: ${(error as Error).message}`, { cause: error })
  }
}

/** Outside authors may leave their file as TypeScript where tsx is installed beside it or beside this package. */
async function importTypeScript(file: string): Promise<unknown> {
  const found = tsxApi(file) ?? tsxApi(fileURLToPath(import.meta.url))
  if (found === undefined) {
    throw new InputError('module', file, 'TypeScript needs tsx: npm install tsx, or compile the file to JavaScript')
  }
  const { tsImport } = (await import(found)) as {
    tsImport: (specifier: string, parent: string) => Promise<{ default?: unknown }>
  }
  const module = await tsImport(pathToFileURL(file).href, import.meta.url)
  // Without "type": "module" in a package.json beside it, tsx makes CommonJS of the file and wraps its exports once more.
  const inner = module.default as { __esModule?: boolean } | undefined
  return inner?.__esModule === true ? inner : module
}
