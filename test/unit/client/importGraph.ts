import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`; types are erased, so they do not count. */
const specifier =
  /(?:^|\n)\s*(?:import|export)\s(?!type\s)(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g

/** Files that a source file pulls in at run time, itself included, and what they import from outside the project. */
export function importGraph(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const match of readFileSync(file, 'utf8').matchAll(specifier)) {
      const found = match[1] ?? match[2]!
      if (found.startsWith('.')) visit(join(dirname(file), found))
      else packages.add(found)
    }
  }
  visit(entry)
  return { files, packages }
}
