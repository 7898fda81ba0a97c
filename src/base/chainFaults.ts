/** Programs serve on over shorter absences of their chain. */
export const chainPatienceMs = 300_000

export interface ChainSight {
  /** As of the last look. */
  readonly isRegistered: boolean
  /** Since the last look that succeeded. */
  readonly silentMs: number
  readonly patienceMs?: number
}

/** What keeps a neuron from its work as far as the chain goes, for `/healthz`. */
export function chainFaults({ isRegistered, silentMs, patienceMs = chainPatienceMs }: ChainSight): string[] {
  return [
    ...(isRegistered ? [] : ['not registered: the hotkey has lost its place on the subnet']),
    ...(silentMs > patienceMs ? [`the chain has not answered for ${Math.round(silentMs / 1_000)} s`] : []),
  ]
}
