import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InputError, messageOf } from '../base/errors.ts'

/**
 * Looks whether a file can be written later, before what it is to hold is asked for and would be lost. Makes nothing.
 *
 * @throws InputError naming the flag or argument
 */
export function needWritable(field: string, file: string): void {
  const path = resolve(file)
  try {
    if (existsSync(path) && statSync(path).isDirectory()) throw new Error('it is a folder')
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK)
  } catch (error) {
    throw new InputError(field, file, `it cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
