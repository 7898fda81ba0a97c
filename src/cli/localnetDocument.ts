import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { InputError, messageOf } from '../base/errors.ts'

/** Dumps and recorded runs in files: JSON, gzipped where the name ends in `.gz`. */

/** @throws InputError where the file cannot be written */
export function writeDocument(file: string, content: unknown): void {
  const text = JSON.stringify(content)
  try {
    writeFileSync(file, file.endsWith('.gz') ? gzipSync(text) : text)
  } catch (error) {
    throw new InputError('FILE', file, messageOf(error), { cause: error })
  }
}

/** The JSON of a file. @throws InputError where it cannot be read */
export function readDocument(file: string): string {
  try {
    const content = readFileSync(file)
    return (content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content).toString('utf8')
  } catch (error) {
    throw new InputError('FILE', file, messageOf(error), { cause: error })
  }
}

/** As `localnet_loadState` takes it: gzipped, in base64. @throws InputError */
export function packedDocument(file: string): string {
  return gzipSync(readDocument(file)).toString('base64')
}
