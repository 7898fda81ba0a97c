import { blockLimits } from '../../fees.ts'
import { type ConstantDefinition, constant } from '../../pallet.ts'
import type { RuntimeVersion } from '../../runtime.ts'
import { weight } from '../../scale/chainTypes.ts'
import { perDispatchClass, runtimeVersionType } from '../../scale/frameTypes.ts'
import { option, struct, u16, u32, u64, type ValueOf } from '../../scale/types.ts'

/** The chain forgets older block hashes, and with them the eras that begin there. */
export const blockHashCount = 2_400

const weightsPerClass = struct('frame_system::limits::WeightsPerClass', {
  base_extrinsic: weight,
  max_extrinsic: option(weight),
  max_total: option(weight),
  reserved: option(weight),
})

const blockWeights = struct('frame_system::limits::BlockWeights', {
  base_block: weight,
  max_block: weight,
  per_class: perDispatchClass(weightsPerClass),
})

const blockLength = struct('frame_system::limits::BlockLength', { max: perDispatchClass(u32) })

const dbWeight = struct('sp_weights::RuntimeDbWeight', { read: u64, write: u64 })

const mostProofBytes = 2n ** 64n - 1n
const base = { ref_time: BigInt(blockLimits.baseExtrinsicRefTime), proof_size: 0n }
const whole = { ref_time: BigInt(blockLimits.refTime), proof_size: mostProofBytes }

/** Parts in a hundred of a block's weight, rounded to the nearest as the runtime does. */
function percent(parts: bigint): ValueOf<typeof weight> {
  const of = (amount: bigint): bigint => (amount * parts + 50n) / 100n
  return { ref_time: of(whole.ref_time), proof_size: of(whole.proof_size) }
}

/** What one call may take at most: its class's share less what a block's start takes, a tenth of it, and itself. */
function largestCall(parts: bigint): ValueOf<typeof weight> {
  const share = percent(parts - 10n)
  return { ...share, ref_time: share.ref_time - base.ref_time }
}

const weights: ValueOf<typeof blockWeights> = {
  base_block: { ref_time: BigInt(blockLimits.baseRefTime), proof_size: 0n },
  max_block: whole,
  per_class: {
    normal: {
      base_extrinsic: base,
      max_extrinsic: largestCall(75n),
      max_total: percent(75n),
      reserved: { ref_time: 0n, proof_size: 0n },
    },
    operational: {
      base_extrinsic: base,
      max_extrinsic: largestCall(100n),
      max_total: whole,
      reserved: percent(25n),
    },
    mandatory: { base_extrinsic: base, max_extrinsic: undefined, max_total: undefined, reserved: undefined },
  },
}

/** A version as the wire wants it: ids of the APIs as 8 bytes. */
export function wireVersion(version: RuntimeVersion): ValueOf<typeof runtimeVersionType> {
  return {
    spec_name: version.specName,
    impl_name: version.implName,
    authoring_version: version.authoringVersion,
    spec_version: version.specVersion,
    impl_version: version.implVersion,
    apis: version.apis.map(([id, number]) => [Uint8Array.from(Buffer.from(id.slice(2), 'hex')), number]),
    transaction_version: version.transactionVersion,
    system_version: version.systemVersion,
  }
}

/** @see facts: subtensor-chain.md, (a); subtensor-metadata-424.json */
export function systemConstants(version: RuntimeVersion): Readonly<Record<string, ConstantDefinition>> {
  return {
    BlockWeights: constant(blockWeights, weights),
    BlockLength: constant(blockLength, {
      max: { normal: blockLimits.normalBytes, operational: blockLimits.bytes, mandatory: blockLimits.bytes },
    }),
    BlockHashCount: constant(u32, blockHashCount),
    DbWeight: constant(dbWeight, { read: 25_000_000n, write: 100_000_000n }),
    Version: constant(runtimeVersionType, wireVersion(version)),
    SS58Prefix: constant(u16, 42),
  }
}
