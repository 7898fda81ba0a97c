import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { InputError, messageOf } from '../../base/errors.ts'
import { parseInput } from '../../base/parse.ts'

/**
 * The path itself where it is a file, else the first of these that lies under it.
 *
 * @throws InputError naming all that was looked for
 */
export function sourceFile(path: string, candidates: readonly string[]): string {
  if (!existsSync(path)) throw new InputError('--path', path, 'no such file or folder')
  if (statSync(path).isFile()) return path
  const found = candidates.map((candidate) => join(path, candidate)).find((candidate) => existsSync(candidate))
  if (found === undefined) throw new InputError('--path', path, `there is none of ${candidates.join(', ')} in it`)
  return found
}

/** @throws InputError also for bytes that are not in the encoding: a file of another one would be misread in silence */
export function readText(file: string, encoding: 'utf-8' | 'latin1' = 'utf-8'): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new InputError('--path', file, `it cannot be read: ${messageOf(error)}`, { cause: error })
  }
  if (encoding === 'latin1') return bytes.toString('latin1')
  try {
    // The decoder takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new InputError('--path', file, 'the file must be UTF-8', { cause: error })
  }
}

/** A whole JSON file. @throws InputError naming file, field and mend, and the line where the text is no JSON */
export function readJson<S extends z.ZodType>(schema: S, file: string): z.output<S> {
  const text = readText(file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const position = /at position (\d+)/.exec(messageOf(error))?.[1]
    const place = position === undefined ? file : `${file}:${text.slice(0, Number(position)).split('\n').length}`
    throw new InputError(place, text, `give well-formed JSON: ${messageOf(error)}`, { cause: error })
  }
  return parseInput(schema, value, file)
}

/** One line of a file of JSON lines. @throws InputError naming file, line, field and mend */
export function readJsonLine<S extends z.ZodType>(schema: S, text: string, place: string): z.output<S> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InputError(place, text, `each line must be one JSON object: ${messageOf(error)}`, { cause: error })
  }
  return parseInput(schema, value, place)
}

/** Lines that are not blank, with their numbers from 1. */
export function linesOf(text: string): { readonly text: string; readonly number: number }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line, number: index + 1 }))
    .filter((line) => line.text.trim() !== '')
}
