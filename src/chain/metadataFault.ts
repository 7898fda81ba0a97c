import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types'
import { messageOf } from '../base/errors.ts'

/** Why an answer to `state_getMetadata` cannot be used; undefined where it can. */
export function metadataFault(answer: unknown): string | undefined {
  if (typeof answer !== 'string' || !/^0x[0-9a-f]+$/i.test(answer)) return 'the answer is no hex text'
  try {
    const registry = new TypeRegistry()
    const metadata = new Metadata(registry, answer as `0x${string}`)
    // The last argument: no warnings of extensions that this registry has not been told of.
    registry.setMetadata(metadata, undefined, undefined, true)
    expandMetadata(registry, metadata)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
