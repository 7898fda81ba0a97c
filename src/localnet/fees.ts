import type { Call, Pays } from './pallet.ts'
import type { Runtime } from './runtime.ts'
import type { AnyType } from './scale/types.ts'

type LimitName = 'refTime' | 'normalRefTime' | 'baseRefTime' | 'baseExtrinsicRefTime' | 'bytes' | 'normalBytes'

/**
 * What a block holds and what an extrinsic costs. Reference times are picoseconds, lengths bytes, fees rao.
 *
 * @see facts: subtensor-chain.md, (a) max block weight, fee
 */
export const blockLimits: Readonly<Record<LimitName, number>> = {
  refTime: 4_000_000_000_000,
  /** Share of normal extrinsics: 75 %. */
  normalRefTime: 3_000_000_000_000,
  /** Taken by every block before anything is in it. */
  baseRefTime: 431_614_000,
  /** Taken by every extrinsic beside its call. */
  baseExtrinsicRefTime: 108_157_000,
  bytes: 10 * 1024 * 1024,
  normalBytes: (10 * 1024 * 1024 * 3) / 4,
}

export type DispatchClass = 'Normal' | 'Operational' | 'Mandatory'

/** What a call takes and whether its signer pays for that. */
export interface DispatchInfo {
  readonly refTime: number
  readonly proofSize: number
  readonly class: DispatchClass
  readonly pays: Pays
}

/**
 * Weight, class and payment of a call. A call that carries others weighs what it and they weigh together.
 *
 * @throws InputError where no pallet has such a call
 */
export function dispatchInfoOf(runtime: Pick<Runtime, 'findCall'>, call: Call): DispatchInfo {
  const { pays } = runtime.findCall(call).definition
  // Nobody checks proofs of our state, so none has a size.
  return { refTime: refTimeOf(runtime, call), proofSize: 0, class: classOf(call), pays }
}

function refTimeOf(runtime: Pick<Runtime, 'findCall'>, call: Call): number {
  const { refTime, fields } = runtime.findCall(call).definition
  let sum = refTime
  for (const [name, type] of Object.entries(fields)) {
    for (const inner of callsIn(type, call.args[name])) sum += refTimeOf(runtime, inner)
  }
  return sum
}

function callsIn({ shape }: AnyType, value: unknown): readonly Call[] {
  if (shape.kind === 'sequence' && isCall(shape.of)) return value as readonly Call[]
  return shape.kind === 'runtime' && shape.name === 'RuntimeCall' ? [value as Call] : []
}

function isCall({ shape }: AnyType): boolean {
  return shape.kind === 'runtime' && shape.name === 'RuntimeCall'
}

const inherents: ReadonlySet<string> = new Set(['Timestamp.set', 'MevShield.announce_next_key'])

/** The author's inherents are calls that a block must have and that nobody may send. */
function classOf({ pallet, name }: Call): DispatchClass {
  return inherents.has(`${pallet}.${name}`) ? 'Mandatory' : 'Normal'
}

/** The parts of a fee, without tip. All are 0 for calls that cost nothing. */
export interface FeeDetails {
  /** For being an extrinsic at all. */
  readonly base: bigint
  /** For the encoded bytes. */
  readonly length: bigint
  /** For the call's weight. */
  readonly weight: bigint
  readonly total: bigint
}

/** @param length of the whole extrinsic, its length prefix included */
export function feeDetails(info: DispatchInfo, length: number): FeeDetails {
  if (info.pays === 'No') return { base: 0n, length: 0n, weight: 0n, total: 0n }
  const parts = {
    base: weightFee(blockLimits.baseExtrinsicRefTime),
    length: BigInt(length),
    weight: weightFee(info.refTime),
  }
  return { ...parts, total: parts.base + parts.length + parts.weight }
}

/** The fee without tip: what `query_info` foretells and what is charged. */
export function feeOf(info: DispatchInfo, length: number): bigint {
  return feeDetails(info, length).total
}

/** 0.0005 rao a unit of reference time, each part rounded down on its own. */
function weightFee(refTime: number): bigint {
  return BigInt(refTime) / 2000n
}
