import { FacultyError } from '../base/errors.ts'
import type { ApiContext } from './runtime.ts'
import { ScaleReader } from './scale/io.ts'
import { decodeFields, encode } from './scale/types.ts'

export class NoSuchRuntimeMethod extends FacultyError<{ code: 'no-runtime-method'; method: string }> {
  constructor(method: string) {
    // Clients look for these words and fall back to an older way.
    super(`Execution failed: Other: Exported method ${method} is not found`, { code: 'no-runtime-method', method })
  }
}

/**
 * A runtime API method by its exported name, `Metadata_metadata_at_version`, on the state of one block.
 *
 * @param input SCALE arguments, one after the other
 * @returns the SCALE answer
 * @throws NoSuchRuntimeMethod, ScaleError for malformed arguments
 */
export function callRuntime(context: ApiContext, name: string, input: Uint8Array): Uint8Array {
  const { runtime } = context
  const cut = name.indexOf('_')
  const api = runtime.apis.find((candidate) => candidate.name === name.slice(0, cut))
  const methodName = name.slice(cut + 1)
  if (api === undefined || !Object.hasOwn(api.methods, methodName)) throw new NoSuchRuntimeMethod(name)
  const method = api.methods[methodName]!
  const args = decodeFields(method.inputs, new ScaleReader(input))
  return encode(method.output, method.run(context, args))
}
