import type { Block, Header } from '../blocks.ts'
import { digestItem, header as headerType } from '../scale/frameTypes.ts'
import { encode } from '../scale/types.ts'

/** JSON forms of what several methods answer. */

export function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

export function optionalHex(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : hexOf(bytes)
}

/** SCALE bytes of a header. */
export function headerHex(header: Header): string {
  return hexOf(encode(headerType, header))
}

export function headerJson(header: Header): unknown {
  return {
    parentHash: header.parent_hash,
    number: `0x${header.number.toString(16)}`,
    stateRoot: header.state_root,
    extrinsicsRoot: header.extrinsics_root,
    digest: { logs: header.digest.logs.map((log) => hexOf(encode(digestItem, log))) },
  }
}

export function signedBlockJson({ header, extrinsics }: Block): unknown {
  return { block: { header: headerJson(header), extrinsics: extrinsics.map(hexOf) }, justifications: null }
}
