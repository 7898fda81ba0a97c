import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { parseJson } from '../../base/parse.ts'
import { dumpState, loadState } from '../dev/dump.ts'
import { replayRun, startRecording, stopRecording } from '../dev/recordRun.ts'
import { revert } from '../dev/revert.ts'
import { type Methods, unsafeMethod } from './method.ts'

const snapshotId = z.number().int().min(1)

/** JSON, or the same gzipped in base64, which a request's size allows more of. */
const document = z.union([z.string().transform(unpacked), z.record(z.string(), z.unknown())])

function unpacked(base64: string): unknown {
  try {
    return parseJson(z.unknown(), gunzipSync(Buffer.from(base64, 'base64')).toString('utf8'), 'document')
  } catch (error) {
    throw new InputError('document', base64, 'give an object, or its JSON gzipped, in base64', { cause: error })
  }
}

/** Going back, and the whole chain as a document. */
export const localnetRunMethods: Methods = {
  /** Remembers the chain as it is. @returns the snapshot's number */
  localnet_snapshot: unsafeMethod([], ({ node }) => node.snapshot()),
  /** Goes back to a snapshot, which stays; later ones are gone, and the pool is emptied. @returns the head then */
  localnet_revert: unsafeMethod([snapshotId], ({ node }, id) => {
    revert(node, id)
    return { number: node.head.header.number, hash: node.head.hash }
  }),
  localnet_dumpState: unsafeMethod([], ({ node }) => dumpState(node)),
  /** Becomes the dumped chain. @returns the head then */
  localnet_loadState: unsafeMethod([document], ({ node }, dump) => {
    loadState(node, dump)
    return { number: node.head.header.number, hash: node.head.hash }
  }),
  localnet_startRecording: unsafeMethod([], ({ node }) => {
    startRecording(node)
    return { number: node.head.header.number, hash: node.head.hash }
  }),
  /** @returns the run, for `localnet_replay` and `faculty localnet replay` */
  localnet_stopRecording: unsafeMethod([], ({ node }) => stopRecording(node)),
  /** Goes a recorded run's way again, in place of this chain. @returns how many blocks and extrinsics, and the root */
  localnet_replay: unsafeMethod([document], ({ node }, run) => replayRun(node, run)),
}
