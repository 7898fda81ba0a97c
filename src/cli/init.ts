import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { packagePath } from '../base/packagePath.ts'
import { builtInDomains } from '../domain/load.ts'
import { defineCommand } from './command.ts'
import { needed } from './openKeys.ts'

const takenNames: readonly string[] = [...builtInDomains, 'freeloader', 'shared', 'training']

export const command = defineCommand({
  summary: `Makes a new domain in a folder: tasks, scorer, miner, manifest and a test, which run at once.
An existing folder with anything in it is left alone.`,
  usage: 'DIR',
  settings: {
    domain: setting(z.string().optional(), {
      help: "the domain's name, e.g. tax; default the folder's",
      takes: 'NAME',
    }),
  },
  run: async ({ values, positionals }, io) => {
    const [given, extra] = positionals
    const folder = resolve(needed(given, 'DIR', 'name the folder to make, e.g. faculty init ./tax'))
    if (extra !== undefined) throw new InputError('faculty init', extra, 'name one folder')
    const name = domainName(values.domain ?? folder.split(/[/\\]/).at(-1)!)
    if (existsSync(folder) && !statSync(folder).isDirectory()) {
      throw new InputError('DIR', given, 'it is a file; name a folder that does not exist or is empty')
    }
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new InputError('DIR', given, 'there is something in it; name a folder that does not exist or is empty')
    }
    const { version } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }
    const { templateFiles } = await import('./init/templateFiles.ts')
    const files = templateFiles({ name, version })
    mkdirSync(folder, { recursive: true })
    // Never over a file that came between the look and the writing.
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text, { flag: 'wx' })
    linkPackages(folder)
    // A bare word would be taken for a domain of the package.
    const path = /[/\\.]/.test(given!) ? given : `./${given}`
    io.print(
      [
        `${name}: ${Object.keys(files).join(', ')} in ${folder}`,
        `next: faculty tasks generate --domain ${path}; faculty sim --domain ${path}; faculty up --domains ${path}`,
      ].join('\n'),
    )
    return 0
  },
})

function domainName(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    throw new InputError('--domain', name, 'give a name in lower case: a letter, then letters, digits or -, at most 32')
  }
  if (takenNames.includes(name)) throw new InputError('--domain', name, 'Faculty has it already; give another name')
  return name
}

/** What the folder imports, found where this package is, so that it runs before anything is installed. */
function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  symlinkSync(packagePath(), join(modules, 'faculty'), 'dir')
  const tsx = folderOf('tsx')
  if (tsx !== undefined) symlinkSync(tsx, join(modules, 'tsx'), 'dir')
}

function folderOf(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch {
    // Not installed beside this package; `npm install` in the new folder brings it.
    return undefined
  }
}
