import { once } from 'node:events'
import { sr25519Verify } from '@polkadot/wasm-crypto'
import { pairFromUri } from '../../src/keys/derive.ts'
import type { KeyPair } from '../../src/keys/keyPair.ts'
import { sign } from '../../src/keys/sr25519.ts'
import { localnetRuntime } from '../../src/localnet/localnetRuntime.ts'
import { nonceOf, storage as system } from '../../src/localnet/pallets/system.ts'
import type { Hex32 } from '../../src/localnet/scale/chainTypes.ts'
import { State } from '../../src/localnet/state.ts'
import { storageKey } from '../../src/localnet/storage.ts'
import { RpcClient } from '../unit/localnet/rpcClient.ts'
import { accountOf, hex, type SigningChain, signCall, transferOf } from '../unit/localnet/signedCall.ts'

// The client of localnet.ts's transfer rounds, a process of its own: it signs everything first, then measures.

/** One round: how fast the chain takes transfers in, and how fast this process verifies signatures right after. */
export interface Round {
  readonly transfersPerSecond: number
  readonly verifiesPerSecond: number
}

const senders = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie', '//One', '//Two']
const transfersPerSender = 500
const verifies = 1_500

const [endpoint, rounds] = [process.argv[2]!, Number(process.argv[3])]

await once(process, 'message')
const client = await RpcClient.connect(endpoint)
const genesisHash = (await client.call('chain_getBlockHash', [0])) as Hex32
const chain: SigningChain = { runtime: localnetRuntime('fast'), genesisHash, pool: { nextNonce: () => 0 } }
const pairs = await Promise.all(senders.map((uri) => pairFromUri(uri)))

const measured: Round[] = []
// The first round warms both sides up.
for (let round = 0; round <= rounds; round++) {
  const extrinsics = signAll(round * transfersPerSender)
  const transfersPerSecond = await submitAll(extrinsics, (round + 1) * transfersPerSender)
  const verifiesPerSecond = verifyAll(pairs[0]!)
  if (round > 0) measured.push({ transfersPerSecond, verifiesPerSecond })
}
client.close()
process.send!(measured)
process.disconnect()

/** By nonce first, so that the senders take turns. */
function signAll(firstNonce: number): string[] {
  return Array.from({ length: transfersPerSender * pairs.length }, (_, i) => {
    const pair = pairs[i % pairs.length]!
    const to = accountOf(pairs[(i + 1) % pairs.length]!)
    return hex(signCall(chain, pair, transferOf(to, 1n), { nonce: firstNonce + Math.floor(i / pairs.length) }))
  })
}

/** @returns transfers a second, from the first request until all senders' nonces in the state are where they should be */
async function submitAll(extrinsics: readonly string[], nonceAfter: number): Promise<number> {
  const startMs = performance.now()
  const replies = extrinsics.map((extrinsic) => client.call('author_submitExtrinsic', [extrinsic]))
  await Promise.all(replies)
  const keys = pairs.map((pair) => storageKey(system.Account, [accountOf(pair)]))
  for (;;) {
    const [set] = (await client.call('state_queryStorageAt', [keys])) as [{ changes: [string, string][] }]
    const state = new State(
      { get: (key) => Buffer.from(new Map(set.changes).get(key)!.slice(2), 'hex'), keys: () => [] },
      'fast',
    )
    if (pairs.every((pair) => nonceOf(state, accountOf(pair)) === nonceAfter)) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return (extrinsics.length * 1_000) / (performance.now() - startMs)
}

/** @returns verifications a second of a payload as long as a transfer's */
function verifyAll(pair: KeyPair): number {
  const payload = new Uint8Array(120).fill(7)
  const signature = sign(pair, payload)
  const startMs = performance.now()
  for (let i = 0; i < verifies; i++) {
    if (!sr25519Verify(signature, payload, pair.publicKey)) throw new Error('a good signature was refused')
  }
  return (verifies * 1_000) / (performance.now() - startMs)
}
