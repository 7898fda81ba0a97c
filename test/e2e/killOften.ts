import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeRng, type Rng } from '../../src/base/random.ts'
import type { Hash } from '../../src/base/units.ts'
import { readMany, rpc } from '../../src/chain/readMany.ts'
import { asList, asNumber } from '../../src/chain/values.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import { openAnyStore } from '../../src/validator/store.ts'
import { ValidatorError } from '../../src/validator/validatorError.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { sumOf } from '../unit/validator/sums.ts'
import { type Program, startProgram } from './validatorProgram.ts'
import { coldkeyUri, hotkeyUri, validatorWorld, type World } from './validatorWorld.ts'

const running = { kind: 'every', ms: 100 } as const
const standing = { kind: 'manual' } as const
const tempoBlocks = 20
const questions = 2
/** A process that ran for so many blocks of a commit's epoch of reveal owes the reveal. */
const owingBlocks = 12

export interface KillReport {
  readonly kills: number
  readonly commits: number
  readonly reveals: number
  /** Commits whose epoch of reveal went by while nobody ran. */
  readonly excused: number
  /** Answers that a kill took: at most those of the round in flight, each time. */
  readonly answersLost: number
  readonly faults: readonly string[]
}

interface Commit {
  readonly epoch: number
  isRevealed: boolean
}

/**
 * Kills a running validator with -9 at random moments: while it starts, while it asks, right after a commit or a reveal. The
 * chain stands still in between, but for some kills, after which it goes on for longer than a reveal can wait.
 */
export async function killOften({ moments, seed }: { moments: number; seed: string }): Promise<KillReport> {
  const rng = makeRng(seed)
  const folder = mkdtempSync(join(tmpdir(), 'faculty-kills-'))
  const world = await validatorWorld({ interval: '100ms', tempoBlocks, miners: ['right'], validators: ['first'] })
  try {
    const uris = { coldkeyUri: coldkeyUri('first'), hotkeyUris: { default: hotkeyUri('first') } }
    await createDevWallets(folder, [{ name: 'first', ...uris }])
    let served = 0
    await world.serve('right', (question) => {
      served++
      return sumOf(question)
    })
    return await play({ world, folder, rng, moments, served: () => served })
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Stage {
  readonly world: World
  readonly folder: string
  readonly rng: Rng
  readonly moments: number
  readonly served: () => number
}

async function play({ world, folder, rng, moments, served }: Stage): Promise<KillReport> {
  const { localnet, netuid } = world
  const { node } = localnet
  const statusPort = await freePort(0, '--status.port')
  const flags = { 'round.tasks': String(questions), 'round.pauseMs': '50' }
  const start = (): Program => startProgram({ netuid, endpoint: localnet.endpoint, folder, statusPort, flags })
  const faults: string[] = []
  const history = watchHistory(world, faults)
  let answersLost = 0
  let missedTold = 0
  const look = (program: Program): void => {
    missedTold += program.lines.filter(({ alarm, msg }) => alarm === 'reveal-missed' && !msg.startsWith('over')).length
  }

  node.setInterval(standing)
  for (let i = 0; i < moments; i++) {
    const program = start()
    const from = node.head.header.number
    await untilMoment(program, world, rng)
    await program.kill()
    node.setInterval(standing)
    look(program)
    await history.catchUp({ from, to: node.head.header.number })
    const lost = served() - scoredOnDisk(folder) - answersLost
    if (lost < 0 || lost > questions) faults.push(`kill ${i} took ${lost} answers`)
    answersLost += lost
    if (rng.bool(0.1)) await node.mine(2 * tempoBlocks + rng.int(0, tempoBlocks))
  }

  const last = start()
  await last.line('validator runs')
  const from = node.head.header.number
  node.setInterval(running)
  // A commit of this process still gets its reveal.
  while (node.head.header.number < from + 2 * tempoBlocks) await pause(100)
  last.child.kill('SIGTERM')
  await new Promise((resolve) => last.child.once('exit', resolve))
  node.setInterval(standing)
  look(last)
  await history.catchUp({ from, to: node.head.header.number })
  const { commits, reveals, excused } = history.judge()
  const { done } = ownStore(folder, (store) => store.weights)
  if (done !== reveals) faults.push(`the validator counts ${done} weights in force, the chain ${reveals}`)
  if (missedTold > excused) faults.push(`${missedTold} reveals were told as missed where ${excused} could be`)
  return { kills: moments, commits, reveals, excused, answersLost, faults }
}

/** A fifth while it starts, a third right after weights went out, the others at any time. */
async function untilMoment(program: Program, { localnet }: World, rng: Rng): Promise<void> {
  const kind = rng.float()
  if (kind < 0.2) {
    await pause(rng.int(0, 2_500))
    return
  }
  await program.line('validator runs')
  localnet.node.setInterval(running)
  if (kind < 0.5) {
    const message = rng.pick(['weights committed', 'weights revealed'])
    await Promise.race([program.line(message), pause(10_000)])
    await pause(rng.int(0, 60))
  } else await pause(rng.int(300, 3_000))
}

interface Life {
  readonly from: number
  readonly to: number
}

/** What the chain says of the validator's weights, block by block. */
function watchHistory({ chain, netuid }: World, faults: string[]) {
  const epochs: number[] = []
  const commits = new Map<string, Commit>()
  const lives: Life[] = []
  const readBlock = async (block: number): Promise<void> => {
    const hash = await rpc<Hash>(chain, 'chain_getBlockHash', [block])
    const reads = [
      { pallet: 'System', item: 'Events' },
      { pallet: 'SubtensorModule', item: 'SubnetEpochIndex', keys: [netuid] },
    ]
    const [records, index] = await readMany(chain, reads, hash)
    const epoch = asNumber(index)
    epochs[block] = epoch
    for (const { event } of asList(records) as unknown as readonly EventRecord[]) {
      const commitHash = String(event.data[2])
      if (event.method === 'WeightsCommitted') {
        const other = [...commits.values()].find((commit) => commit.epoch === epoch)
        if (other !== undefined) faults.push(`two commits in epoch ${epoch}`)
        commits.set(commitHash, { epoch, isRevealed: false })
      } else if (event.method === 'WeightsRevealed') {
        const commit = commits.get(commitHash)
        if (commit === undefined || commit.isRevealed) faults.push(`a reveal too many in epoch ${epoch}`)
        else commit.isRevealed = true
      }
    }
  }
  return {
    async catchUp(life: Life): Promise<void> {
      lives.push(life)
      for (let block = Math.max(1, epochs.length); block <= life.to; block++) await readBlock(block)
    },
    /** Adds a fault for each commit that a process could have revealed and did not. */
    judge() {
      const newest = epochs.at(-1) ?? 0
      let excused = 0
      for (const { epoch, isRevealed } of commits.values()) {
        // Its epoch of reveal is not over yet.
        if (isRevealed || newest <= epoch + 1) continue
        excused++
        const blocksOf = ({ from, to }: Life): number =>
          epochs.slice(from + 1, to + 1).filter((one) => one === epoch + 1).length
        if (lives.some((life) => blocksOf(life) >= owingBlocks))
          faults.push(`the commit of epoch ${epoch} was not revealed`)
      }
      const reveals = [...commits.values()].filter(({ isRevealed }) => isRevealed).length
      return { commits: commits.size, reveals, excused }
    },
  }
}

interface EventRecord {
  readonly event: { readonly method: string; readonly data: readonly unknown[] }
}

/** As the killed process has left it, on a copy, so that the next one finds what it would. */
function scoredOnDisk(folder: string): number {
  if (!existsSync(join(folder, 'first.db'))) return 0
  const copy = join(folder, 'copy')
  mkdirSync(copy)
  for (const end of ['', '-wal']) {
    const from = join(folder, `first.db${end}`)
    if (existsSync(from)) copyFileSync(from, join(copy, `first.db${end}`))
  }
  try {
    return ownStore(copy, ({ answers }) => answers.scored)
  } catch (error) {
    // Killed before it had made its tables; a database that is broken later lacks more answers than a round has.
    if (error instanceof ValidatorError && error.failure.code === 'bad-database') return 0
    throw error
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function ownStore<T>(folder: string, read: (store: ReturnType<typeof openAnyStore>['store']) => T): T {
  const { store } = openAnyStore(join(folder, 'first.db'))
  try {
    return read(store)
  } finally {
    store.close()
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
