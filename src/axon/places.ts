/** One ask in the line; either `start` or `displace` is called once, unless it leaves. */
export interface Waiting {
  /** Whose ask it is. */
  readonly hotkey: string
  /** The hotkey's share of the turns beside those of the others, above 0. */
  readonly weight: number
  start(): void
  /** The line is full, and another hotkey has fewer in it: this one must `leave`. */
  displace(): void
}

export interface PlaceLimits {
  readonly maxRunning: number
  readonly maxWaiting: number
}

/** A hotkey that waits: its line, and the virtual time of its next turn. */
interface Flow {
  readonly hotkey: string
  readonly line: Set<Waiting>
  turn: number
  /** Of two with the same turn the one that came first. */
  order: number
}

/**
 * The places in which answers are made, and the line before them. Hotkeys that wait take turns, in the proportion of their
 * weights; within one hotkey first come is first served. A hotkey's next turn is 1 / weight of virtual time after its last
 * one, or after now for a hotkey that did not wait; now is the turn given last. So nobody waits for ever, however small its
 * weight and however many others come anew; nobody saves up turns while it asks nothing; and a thousand asks delay another
 * hotkey's first by no more than one. O(log n) an ask, for n hotkeys that wait; O(n) where the line is full.
 *
 * A full line makes room for a hotkey that has fewer waiting for its weight than another: at the cost of that one's oldest,
 * which has the least of its time left. So no number of hotkeys that flood keeps out one that does not.
 *
 * @see self-clocked fair queueing, Golestani 1994
 */
export class Places {
  readonly #flows = new Map<string, Flow>()
  /** A binary heap, the next turn first. Among them may be flows whose asks have all left. */
  readonly #heap: Flow[] = []
  #limits: PlaceLimits
  #now = 0
  #entered = 0
  #running = 0
  #waiting = 0

  constructor(limits: PlaceLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting
  }

  /** What runs or waits beyond the new limits ends by itself; places that are new are filled. */
  configure(limits: PlaceLimits): void {
    this.#limits = limits
    this.#fill()
  }

  /** Starts the ask, now or later; each start must be met by one `release`. False: the line is full. */
  enter(ask: Waiting): boolean {
    if (this.#running < this.#limits.maxRunning) {
      this.#running++
      ask.start()
      return true
    }
    const { hotkey } = ask
    const room = this.#limits.maxWaiting - this.#waiting
    if (room < 0 || (room === 0 && !this.#makeRoom(ask))) return false
    const flow = this.#flows.get(hotkey)
    if (flow !== undefined) flow.line.add(ask)
    else {
      const fresh = { hotkey, line: new Set([ask]), turn: this.#now + 1 / ask.weight, order: this.#entered++ }
      this.#flows.set(hotkey, fresh)
      this.#heap.push(fresh)
      siftUp(this.#heap)
    }
    this.#waiting++
    return true
  }

  /** Takes an ask that has not started out of the line. */
  leave(ask: Waiting): void {
    // An empty flow keeps its turn until that comes: whoever asks and cancels gains nothing, and takes one place in memory.
    if (this.#flows.get(ask.hotkey)?.line.delete(ask) === true) this.#waiting--
  }

  release(): void {
    this.#running--
    this.#fill()
  }

  #makeRoom({ hotkey, weight }: Waiting): boolean {
    let most = ((this.#flows.get(hotkey)?.line.size ?? 0) + 1) / weight
    let longest: Waiting | undefined
    for (const { line } of this.#flows.values()) {
      const [oldest] = line
      if (oldest === undefined || line.size / oldest.weight <= most) continue
      most = line.size / oldest.weight
      longest = oldest
    }
    longest?.displace()
    return longest !== undefined
  }

  #fill(): void {
    while (this.#waiting > 0 && this.#running < this.#limits.maxRunning) {
      const ask = this.#takeNext()
      if (ask === undefined) continue
      this.#waiting--
      this.#running++
      ask.start()
    }
  }

  /** Gives the next turn. Undefined: to a flow whose asks have left. */
  #takeNext(): Waiting | undefined {
    const flow = this.#heap[0]!
    const [ask, second] = flow.line
    if (ask !== undefined) {
      flow.line.delete(ask)
      this.#now = flow.turn
    }
    if (second === undefined) {
      this.#flows.delete(flow.hotkey)
      const last = this.#heap.pop()!
      if (last === flow) return ask
      this.#heap[0] = last
    } else {
      flow.turn = this.#now + 1 / second.weight
      flow.order = this.#entered++
    }
    siftDown(this.#heap)
    return ask
  }
}

function comesBefore(a: Flow, b: Flow): boolean {
  return a.turn < b.turn || (a.turn === b.turn && a.order < b.order)
}

function siftUp(heap: Flow[]): void {
  let at = heap.length - 1
  const flow = heap[at]!
  while (at > 0) {
    const above = (at - 1) >> 1
    if (!comesBefore(flow, heap[above]!)) break
    heap[at] = heap[above]!
    at = above
  }
  heap[at] = flow
}

function siftDown(heap: Flow[]): void {
  let at = 0
  const flow = heap[0]!
  while (2 * at + 1 < heap.length) {
    let below = 2 * at + 1
    if (below + 1 < heap.length && comesBefore(heap[below + 1]!, heap[below]!)) below++
    if (!comesBefore(heap[below]!, flow)) break
    heap[at] = heap[below]!
    at = below
  }
  heap[at] = flow
}
