/** One import, re-export, dynamic import or file that is loaded by URL. */
export interface Import {
  readonly specifier: string
  /** Erased by the compiler, so nothing is loaded. */
  readonly isType: boolean
}

const forms: readonly RegExp[] = [
  // import a, { b } from 'x'; import type { a } from 'x'
  /^import\s+(?<type>type\s+(?!from\b))?[\w$*\s,]*(?:\{[^}]*\})?\s*from\s*['"](?<specifier>[^'"]+)['"]/gm,
  // import 'x'
  /^import\s*['"](?<specifier>[^'"]+)['"]/gm,
  // export { a } from 'x'; export * from 'x'
  /^export\s+(?<type>type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)\s*from\s*['"](?<specifier>[^'"]+)['"]/gm,
  // import('x'); require('x')
  /\b(?:import|require)\(\s*['"](?<specifier>[^'"]+)['"]/g,
  // new Worker(new URL('./x.ts', import.meta.url))
  /\bnew URL\(\s*['"](?<specifier>\.[^'"]*\.[cm]?[jt]s)['"]/g,
]

/**
 * What a source file imports, types included. Statements are looked for where the formatter puts them, at the start of a
 * line. Text in a comment or a template can only add an import that is none, never hide one.
 */
export function importsOf(source: string): Import[] {
  return forms.flatMap((form) =>
    Array.from(source.matchAll(form), ({ groups }) => ({
      specifier: groups!.specifier!,
      isType: groups!.type !== undefined,
    })),
  )
}
