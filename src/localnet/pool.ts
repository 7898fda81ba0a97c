import { FacultyError } from '../base/errors.ts'
import type { Extrinsic, Signed } from './extrinsic.ts'
import { type Ranked, ReadyHeap } from './readyHeap.ts'
import type { AccountId, Hex32 } from './scale/chainTypes.ts'

/** A signed extrinsic that passed the checks of validity.ts. */
export interface Candidate {
  readonly extrinsic: Extrinsic & { readonly signed: Signed }
  /** More is sooner. @see priority in validity.ts */
  readonly priority: bigint
  /** First block number at which the extrinsic's era is over; infinite for immortal ones. */
  readonly deathBlock: number
}

export interface Pooled extends Candidate, Ranked {
  readonly sequence: number
}

/** How a watched extrinsic fares, in the words of `author_extrinsicUpdate`. */
export type PoolStatus = 'future' | 'ready' | 'dropped' | 'invalid' | { readonly usurped: Hex32 }

export type PoolFailure =
  | { readonly code: 'already-imported'; readonly hash: Hex32 }
  | { readonly code: 'temporarily-banned' }
  | { readonly code: 'too-low-priority'; readonly old: bigint; readonly new: bigint }
  | { readonly code: 'immediately-dropped' }

export class PoolError extends FacultyError<PoolFailure> {}

export interface PoolOptions {
  /** Nonce of an account in the state of the best block. */
  readonly nonceOf: (account: AccountId) => number
  readonly onStatus: (hash: Hex32, status: PoolStatus) => void
  readonly nowMs: () => number
  readonly limits?: Partial<PoolLimits>
}

export interface PoolLimits {
  readonly ready: number
  readonly future: number
  readonly bytes: number
}

// The real node's defaults.
const defaultLimits: PoolLimits = { ready: 8_192, future: 819, bytes: 20 * 1024 * 1024 }
const banMs = 30 * 60_000
const banLimit = 10_000

/** Extrinsics of one account by nonce. Those from `nonce` up to `readyEnd` have no gap: they are ready. */
interface Account {
  nonce: number
  readyEnd: number
  readonly byNonce: Map<number, Pooled>
}

/** Hands out ready extrinsics for a block under construction. */
export interface Selection {
  next(): Pooled | undefined
  /** The block took it, so the same account's next one may follow. */
  taken(pooled: Pooled): void
}

/**
 * Extrinsics that wait for a block. One whose predecessors are all there is ready, one with a gap before it waits as
 * future. Everything is bounded.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #limits: PoolLimits
  readonly #accounts = new Map<AccountId, Account>()
  readonly #byHash = new Map<Hex32, Pooled>()
  readonly #byDeath = new Map<number, Set<Pooled>>()
  /** Hash → when the ban ends. */
  readonly #banned = new Map<Hex32, number>()
  #sequence = 0
  #readyCount = 0
  #bytes = 0

  constructor(options: PoolOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
  }

  get readyCount(): number {
    return this.#readyCount
  }

  get futureCount(): number {
    return this.#byHash.size - this.#readyCount
  }

  has(hash: Hex32): boolean {
    return this.#byHash.has(hash)
  }

  /** Ready and future extrinsics, in the order in which they came. */
  extrinsics(): Extrinsic[] {
    return [...this.#byHash.values()].map(({ extrinsic }) => extrinsic)
  }

  /** The nonce that an account's next extrinsic needs, those that are ready counted. */
  nextNonce(account: AccountId): number {
    return this.#accounts.get(account)?.readyEnd ?? this.#options.nonceOf(account)
  }

  /** Cheap checks that need no decoding, so that a flood of repeats costs nothing. @throws PoolError */
  refuseKnown(hash: Hex32): void {
    if (this.#byHash.has(hash)) {
      throw new PoolError('Transaction Already Imported', { code: 'already-imported', hash })
    }
    const until = this.#banned.get(hash)
    if (until === undefined) return
    if (until > this.#options.nowMs()) {
      throw new PoolError('Transaction is temporarily banned', { code: 'temporarily-banned' })
    }
    this.#banned.delete(hash)
  }

  /** Takes an extrinsic in, or replaces one of the same account and nonce that has less priority. @throws PoolError */
  submit(candidate: Candidate): void {
    const { extrinsic, priority } = candidate
    this.refuseKnown(extrinsic.hash)
    const { signer, nonce } = extrinsic.signed
    const pooled: Pooled = { ...candidate, sequence: this.#sequence++ }
    const rival = this.#accounts.get(signer)?.byNonce.get(nonce)
    if (rival === undefined) this.#makeRoom(pooled)
    else if (rival.priority >= priority) {
      throw new PoolError(`Priority is too low: (${rival.priority} vs ${priority})`, {
        code: 'too-low-priority',
        old: rival.priority,
        new: priority,
      })
    } else {
      this.#unlist(rival)
      this.#options.onStatus(rival.extrinsic.hash, { usurped: extrinsic.hash })
    }
    this.#insert(pooled)
  }

  /** Ready extrinsics, best first. Good until the pool changes. */
  select(): Selection {
    const accounts = this.#accounts
    const heap = new ReadyHeap<Pooled>()
    for (const { nonce, readyEnd, byNonce } of accounts.values()) if (nonce < readyEnd) heap.push(byNonce.get(nonce)!)
    return {
      next: () => heap.pop(),
      taken: ({ extrinsic: { signed } }) => {
        const { readyEnd, byNonce } = accounts.get(signed.signer)!
        if (signed.nonce + 1 < readyEnd) heap.push(byNonce.get(signed.nonce + 1)!)
      },
    }
  }

  /** Throws out extrinsics that turned out invalid, and bans them for half an hour. */
  reject(hashes: Iterable<Hex32>): void {
    for (const hash of hashes) {
      const pooled = this.#byHash.get(hash)
      if (pooled === undefined) continue
      if (this.#banned.size >= banLimit) this.#banned.delete(this.#banned.keys().next().value!)
      this.#banned.set(hash, this.#options.nowMs() + banMs)
      this.#remove(pooled, 'invalid')
    }
  }

  /**
   * Follows a new best block: forgets what it includes, whose watchers hear of the block, and throws out what it made
   * invalid.
   */
  advance(block: number, included: Iterable<Hex32>): void {
    const touched = new Set<AccountId>()
    for (const hash of included) {
      const pooled = this.#byHash.get(hash)
      if (pooled === undefined) continue
      const { signer, nonce } = pooled.extrinsic.signed
      this.#unlist(pooled)
      this.#accounts.get(signer)!.byNonce.delete(nonce)
      touched.add(signer)
    }
    for (const id of touched) this.#settle(id)
    // What dies in the next block cannot get into any.
    for (const pooled of [...(this.#byDeath.get(block + 1) ?? [])]) this.#remove(pooled, 'invalid')
  }

  /** Drops everything and forgets bans, for a chain that is another now. */
  clear(): void {
    for (const hash of [...this.#byHash.keys()]) this.#options.onStatus(hash, 'dropped')
    this.#accounts.clear()
    this.#byHash.clear()
    this.#byDeath.clear()
    this.#banned.clear()
    this.#readyCount = 0
    this.#bytes = 0
  }

  #makeRoom({ extrinsic, priority }: Pooled): void {
    const isReady = this.nextNonce(extrinsic.signed.signer) === extrinsic.signed.nonce
    const isFull = isReady ? this.#readyCount >= this.#limits.ready : this.futureCount >= this.#limits.future
    const excessBytes = this.#bytes + extrinsic.bytes.length - this.#limits.bytes
    if (!isFull && excessBytes <= 0) return
    const worst = this.#worst()
    if (!isReady || worst === undefined || worst.priority >= priority || worst.extrinsic.bytes.length < excessBytes) {
      throw new PoolError('Immediately Dropped', { code: 'immediately-dropped' })
    }
    this.#remove(worst, 'dropped')
  }

  /** Least priority, latest arrival. */
  #worst(): Pooled | undefined {
    let worst: Pooled | undefined
    for (const pooled of this.#byHash.values()) {
      if (worst === undefined || pooled.priority <= worst.priority) worst = pooled
    }
    return worst
  }

  #insert(pooled: Pooled): void {
    const { extrinsic, deathBlock } = pooled
    const { signer, nonce } = extrinsic.signed
    const account = this.#accountOf(signer)
    account.byNonce.set(nonce, pooled)
    this.#byHash.set(extrinsic.hash, pooled)
    this.#bytes += extrinsic.bytes.length
    if (Number.isFinite(deathBlock)) {
      const dying = this.#byDeath.get(deathBlock)
      if (dying === undefined) this.#byDeath.set(deathBlock, new Set([pooled]))
      else dying.add(pooled)
    }
    if (nonce === account.readyEnd) this.#extend(account)
    else this.#options.onStatus(extrinsic.hash, nonce < account.readyEnd ? 'ready' : 'future')
  }

  #accountOf(id: AccountId): Account {
    const known = this.#accounts.get(id)
    if (known !== undefined) return known
    const nonce = this.#options.nonceOf(id)
    const account = { nonce, readyEnd: nonce, byNonce: new Map() }
    this.#accounts.set(id, account)
    return account
  }

  /** What follows the ready ones without a gap becomes ready. */
  #extend(account: Account): void {
    for (let next = account.byNonce.get(account.readyEnd); next !== undefined; ) {
      account.readyEnd++
      this.#readyCount++
      this.#options.onStatus(next.extrinsic.hash, 'ready')
      next = account.byNonce.get(account.readyEnd)
    }
  }

  /** Takes over the nonce of the best block's state. */
  #settle(id: AccountId): void {
    const account = this.#accounts.get(id)!
    const nonce = this.#options.nonceOf(id)
    this.#readyCount -= account.readyEnd - account.nonce
    for (const pooled of [...account.byNonce.values()]) {
      if (pooled.extrinsic.signed.nonce >= nonce) continue
      account.byNonce.delete(pooled.extrinsic.signed.nonce)
      this.#unlist(pooled)
      this.#options.onStatus(pooled.extrinsic.hash, 'invalid')
    }
    // An account that died begins again at 0, and what it had ready has a gap before it now.
    account.readyEnd = nonce < account.nonce ? nonce : Math.max(nonce, account.readyEnd)
    account.nonce = nonce
    this.#readyCount += account.readyEnd - nonce
    this.#extend(account)
    if (account.byNonce.size === 0) this.#accounts.delete(id)
  }

  /** Takes one out; those of the same account after it are not ready any more. */
  #remove(pooled: Pooled, status: 'dropped' | 'invalid'): void {
    const { signer, nonce } = pooled.extrinsic.signed
    const account = this.#accounts.get(signer)!
    this.#unlist(pooled)
    account.byNonce.delete(nonce)
    this.#options.onStatus(pooled.extrinsic.hash, status)
    if (nonce < account.readyEnd) {
      for (let next = nonce + 1; next < account.readyEnd; next++) {
        this.#options.onStatus(account.byNonce.get(next)!.extrinsic.hash, 'future')
      }
      this.#readyCount -= account.readyEnd - nonce
      account.readyEnd = nonce
    }
    if (account.byNonce.size === 0) this.#accounts.delete(signer)
  }

  /** Out of everything but its account. */
  #unlist(pooled: Pooled): void {
    this.#byHash.delete(pooled.extrinsic.hash)
    this.#bytes -= pooled.extrinsic.bytes.length
    const dying = this.#byDeath.get(pooled.deathBlock)
    dying?.delete(pooled)
    if (dying?.size === 0) this.#byDeath.delete(pooled.deathBlock)
  }
}
