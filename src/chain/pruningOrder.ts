/** What decides whether a registration on a full subnet may take a neuron's place. */
export interface PruningNeuron {
  readonly uid: number
  readonly hotkey: string
  readonly coldkey: string
  /** Of the last epoch. */
  readonly emission: bigint
  readonly registeredAtBlock: number
}

export interface PruningState {
  readonly block: number
  readonly neurons: readonly PruningNeuron[]
  readonly ownerHotkey: string
  readonly ownerColdkey: string
  readonly immunityBlocks: number
  /** So many neurons past their immunity are kept. */
  readonly minNonImmune: number
  /** So many of the owner's neurons are never replaced. */
  readonly spared: number
}

/** Immune to replacement until that many blocks have passed since the registration. 0: no longer. */
export function immunityLeftBlocks(
  { registeredAtBlock }: Pick<PruningNeuron, 'registeredAtBlock'>,
  { block, immunityBlocks }: Pick<PruningState, 'block' | 'immunityBlocks'>,
): number {
  return Math.max(0, registeredAtBlock + immunityBlocks - block)
}

/**
 * The uids that registrations on a full subnet would replace one after another, if they all came now. Those that are not in
 * it keep their place however many come: newcomers, who have no emission yet, would replace one another before them.
 *
 * @see facts: emission.md, section 8
 */
export function pruningOrder(state: PruningState): number[] {
  const spared = new Set(sparedUids(state))
  const candidates = state.neurons.filter(({ uid }) => !spared.has(uid)).sort(byValue)
  const isImmune = (neuron: PruningNeuron): boolean => immunityLeftBlocks(neuron, state) > 0
  const open = candidates.filter((neuron) => !isImmune(neuron))
  const replaced = open.slice(0, Math.max(0, open.length - state.minNonImmune)).map(({ uid }) => uid)
  for (const { uid, emission } of candidates.filter(isImmune)) {
    if (emission > 0n && replaced.length > 0) break
    replaced.push(uid)
  }
  return replaced
}

/** The owner's oldest, the subnet-owner hotkey before them. */
function sparedUids({ neurons, ownerHotkey, ownerColdkey, spared }: PruningState): number[] {
  const own = neurons
    .filter(({ coldkey }) => coldkey === ownerColdkey)
    .sort((a, b) => a.registeredAtBlock - b.registeredAtBlock || a.uid - b.uid)
    .slice(0, spared)
  const first = neurons.find(({ hotkey }) => hotkey === ownerHotkey)
  const all = first === undefined || own.includes(first) ? own : [first, ...own]
  return all.slice(0, spared).map(({ uid }) => uid)
}

function byValue(a: PruningNeuron, b: PruningNeuron): number {
  if (a.emission !== b.emission) return a.emission < b.emission ? -1 : 1
  return a.registeredAtBlock - b.registeredAtBlock || a.uid - b.uid
}
