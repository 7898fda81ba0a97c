import type { EpochOutput, EpochTrace } from './epochOutput.ts'
import { unpackRows } from './sparseRows.ts'

/** An epoch's outputs as `yuma-vectors/1` names and writes them: u64 amounts and raw values are decimal strings. */
export interface NamedOutput {
  active: boolean[]
  stake_weight: number[]
  consensus: number[]
  incentive: number[]
  dividends: number[]
  validator_trust: number[]
  validator_permit: boolean[]
  server_emission: string[]
  validator_emission: string[]
  emission: string[]
  stake: string[]
  bonds: [number, number][][]
  trace?: NamedTrace
}

export interface NamedTrace {
  stake: string[]
  active_stake: string[]
  weights: [number, string][][]
  consensus: string[]
  validator_trust: string[]
  incentive: string[]
  dividends: string[]
  bonds: [number, string][][]
}

export function namedOutput(output: EpochOutput): NamedOutput {
  return {
    active: output.active,
    stake_weight: [...output.stakeWeight],
    consensus: [...output.consensus],
    incentive: [...output.incentive],
    dividends: [...output.dividends],
    validator_trust: [...output.validatorTrust],
    validator_permit: output.validatorPermit,
    server_emission: Array.from(output.serverEmission, String),
    validator_emission: Array.from(output.validatorEmission, String),
    emission: Array.from(output.emission, String),
    stake: Array.from(output.stake, String),
    bonds: unpackRows(output.bonds),
    ...(output.trace === undefined ? {} : { trace: namedTrace(output.trace) }),
  }
}

function namedTrace(trace: EpochTrace): NamedTrace {
  const rows = (matrix: EpochTrace['weights']): [number, string][][] =>
    unpackRows<bigint>(matrix).map((row) => row.map(([column, raw]) => [column, String(raw)]))
  return {
    stake: Array.from(trace.stake, String),
    active_stake: Array.from(trace.activeStake, String),
    weights: rows(trace.weights),
    consensus: Array.from(trace.consensus, String),
    validator_trust: Array.from(trace.validatorTrust, String),
    incentive: Array.from(trace.incentive, String),
    dividends: Array.from(trace.dividends, String),
    bonds: rows(trace.bonds),
  }
}
