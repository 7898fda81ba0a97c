/*
 * A circuit breaker as a state machine without a clock. `closed`: requests pass. `open`: none passes until a health check
 * finds the server well. `half-open`: one request passes on trial, and its first piece closes the circuit.
 */

export type CircuitState =
  | { readonly name: 'closed'; readonly failures: number }
  | { readonly name: 'open'; readonly trips: number }
  | { readonly name: 'half-open'; readonly trips: number; readonly onTrial: boolean }

export type CircuitEvent =
  /** A request is sent. */
  | 'sent'
  /** A request had its first piece. */
  | 'answered'
  /** A request failed, and not by its own fault. */
  | 'failed'
  /** A request ended without a verdict: its caller went away, or it was itself at fault. */
  | 'dropped'
  /** A health check went well. */
  | 'well'
  /** A health check failed, or a request in a way that will not pass by itself (a wrong key). */
  | 'ill'

/** Failures in a row that open a closed circuit. */
export const failuresToOpen = 3

export const closedCircuit: CircuitState = { name: 'closed', failures: 0 }

/** Whether a request may be sent. */
export function lets(state: CircuitState): boolean {
  return state.name === 'closed' || (state.name === 'half-open' && !state.onTrial)
}

export function nextCircuit(state: CircuitState, event: CircuitEvent): CircuitState {
  switch (event) {
    case 'sent':
      return state.name === 'half-open' ? { ...state, onTrial: true } : state
    case 'answered':
      // An answer to a request from before the circuit opened says nothing new.
      return state.name === 'open' ? state : closedCircuit
    case 'dropped':
      return state.name === 'half-open' ? { ...state, onTrial: false } : state
    case 'well':
      return state.name === 'open' ? { name: 'half-open', trips: state.trips, onTrial: false } : state
    case 'ill':
      return { name: 'open', trips: tripsOf(state) + 1 }
    case 'failed':
      if (state.name === 'closed' && state.failures + 1 < failuresToOpen) {
        return { name: 'closed', failures: state.failures + 1 }
      }
      return state.name === 'open' ? state : { name: 'open', trips: tripsOf(state) + 1 }
  }
}

/** How often in a row it opened; spaces the health checks out. */
export function tripsOf(state: CircuitState): number {
  return state.name === 'closed' ? 0 : state.trips
}
