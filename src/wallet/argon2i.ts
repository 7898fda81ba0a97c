import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { WalletError } from './walletError.ts'

// The worker is plain text and not a file: a file would be .ts here and .js in dist, and no loader would be sure to
// stand ready for it. It runs the same from tsx, from vitest and compiled.
const workerSource = `
const { parentPort, workerData } = require('node:worker_threads')
const sodium = require(workerData.sodium)
sodium.ready.then(() => {
  const { password, salt, passes, memoryBytes } = workerData
  const algorithm = sodium.crypto_pwhash_ALG_ARGON2I13
  parentPort.postMessage(sodium.crypto_pwhash(32, password, salt, passes, memoryBytes, algorithm))
})`

/**
 * 32 bytes of Argon2i version 1.3, one lane, in a worker thread: seconds of work must not stop this one.
 *
 * @param salt 16 bytes
 * @throws WalletError `key-derivation` when the memory cannot be had
 */
export async function argon2i(
  password: string,
  salt: Uint8Array,
  cost: { passes: number; memoryBytes: number },
): Promise<Uint8Array> {
  const sodium = createRequire(import.meta.url).resolve('libsodium-wrappers-sumo')
  const worker = new Worker(workerSource, {
    eval: true,
    execArgv: [],
    workerData: { sodium, password: new TextEncoder().encode(password), salt, ...cost },
  })
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)))
    })
  } catch (error) {
    const megabytes = Math.ceil(cost.memoryBytes / 2 ** 20)
    throw new WalletError(
      'the key could not be derived from the password',
      { code: 'key-derivation' },
      { mend: `see that ${megabytes} MiB of memory are free`, cause: error },
    )
  } finally {
    await worker.terminate()
  }
}
