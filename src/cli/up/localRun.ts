import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { deferred } from '../../base/deferred.ts'
import { FacultyError } from '../../base/errors.ts'
import { type Chain, connectChain } from '../../chain/connect.ts'
import { createDevWallets } from '../../wallet/devWallets.ts'
import { openWallet } from '../../wallet/openWallet.ts'
import { castOf, covertHotkey, type DomainPlace, gatewayName, type Member, walletOf } from './cast.ts'
import { freePort } from './freePort.ts'
import { memoryOf } from './memory.ts'
import { minersServe } from './minersServe.ts'
import { type Player, setUpSubnet } from './setUp.ts'
import { Supervisor } from './supervisor.ts'

export interface LocalRunOptions {
  readonly port: number
  readonly gatewayPort: number
  readonly axonPort: number
  readonly interval: string
  readonly tempoBlocks: number
  readonly domains: readonly DomainPlace[]
  /** What validators ask; at least one of every domain. */
  readonly families: readonly string[]
  readonly models: string | undefined
  readonly seed: string
  /** Wallets, logs and databases; a new folder, deleted at the end, if undefined. */
  readonly folder: string | undefined
  readonly note: (text: string) => void
  /** Gives up where it fires before everything is up. */
  readonly stop: AbortSignal
}

/** A subnet with its chain, miners, validators and gateway, each a process of its own. */
export interface LocalRun {
  readonly chain: Chain
  readonly endpoint: string
  readonly gatewayUrl: string
  readonly netuid: number
  readonly folder: string
  readonly players: readonly Player[]
  readonly uids: ReadonlyMap<string, number>
  /** Status port of each validator by name. */
  readonly statusPorts: ReadonlyMap<string, number>
  /** The largest sum of all processes' memory so far, this one included. */
  readonly peakPssBytes: () => number
  /** Fires when the run cannot go on, with the reason. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

const memoryEveryMs = 500
/** A miner that opens a model serves a second or two later than the freeloader, which would get the first questions alone. */
const minersServeMs = 15_000
const chainName = 'localnet'
const sudoName = 'alice'
const sudoWallet = { name: sudoName, coldkeyUri: '//Alice', hotkeyUris: {} }

/**
 * Starts all of it on this machine.
 *
 * @throws InputError for a taken port, FacultyError where the chain does not come up
 */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { note, domains } = options
  const models = options.models === undefined ? undefined : resolve(options.models)
  const [port, gatewayPort] = [
    await freePort(options.port, '--port'),
    await freePort(options.gatewayPort, '--gateway.port'),
  ]
  const endpoint = `ws://127.0.0.1:${port}`
  const folder = options.folder === undefined ? mkdtempSync(join(tmpdir(), 'faculty-up-')) : resolve(options.folder)
  const { promise: failed, reject: fail } = deferred<never>()
  // Whoever waits for it hears of it; nobody need.
  failed.catch(() => undefined)
  const supervisor = new Supervisor({
    logFolder: join(folder, 'logs'),
    note,
    onEssentialEnd: (name, how) => {
      const mend = `its state was in memory, so the run cannot go on; see ${join(folder, 'logs', `${name}.log`)} with --dir`
      fail(new FacultyError(`the ${name} ended: ${how}`, { code: 'process-ended' }, { mend }))
    },
  })
  const memory = watchMemory(() => [process.pid, ...supervisor.pids])
  let chain: Chain | undefined
  const stop = async (): Promise<void> => {
    clearInterval(memory.timer)
    // The chain ends last: miners and validators may have a last word for it.
    await supervisor.stop([chainName])
    await chain?.close()
    await supervisor.stop()
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  const onStop = (): void => fail(new FacultyError('stopped before the subnet was up', { code: 'stopped' }))
  options.stop.addEventListener('abort', onStop, { once: true })
  try {
    supervisor.start({
      name: chainName,
      args: ['localnet', '--port', String(port), '--interval', options.interval],
      onEnd: 'essential',
    })
    const [connected, players] = await Promise.race([
      Promise.all([
        connectChain({ endpoints: [endpoint] }),
        makePlayers(castOf(domains, models), join(folder, 'wallets')),
      ]),
      failed,
    ])
    chain = connected
    const sudo = await openWallet({ path: join(folder, 'wallets'), name: sudoName }).coldkeySigner()
    const setUp = setUpSubnet(chain, { sudo, players, tempoBlocks: options.tempoBlocks })
    const { netuid, uids } = await Promise.race([setUp, failed])
    const place = {
      endpoint,
      folder,
      netuid,
      players,
      gatewayPort,
      gatewayStatusPort: await freePort(0, '--status.port'),
    }
    const statusPorts = await startMinersAndValidators(supervisor, options, place)
    const hotkeys = players.filter(({ role }) => role === 'miner').map(({ hotkey }) => hotkey)
    const serving = minersServe(chain, { netuid, hotkeys, timeoutMs: minersServeMs, signal: options.stop })
    await Promise.race([serving, failed])
    startGateway(supervisor, place)
    return {
      chain,
      endpoint,
      gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
      netuid,
      folder,
      players,
      uids,
      statusPorts,
      peakPssBytes: () => memory.peakBytes,
      failed,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    options.stop.removeEventListener('abort', onStop)
  }
}

async function makePlayers(cast: readonly Member[], path: string): Promise<Player[]> {
  const wallets = await createDevWallets(path, [sudoWallet, ...cast.map(walletOf)])
  return await Promise.all(
    cast.map(async (member) => ({
      ...member,
      hotkey: wallets.find(({ name }) => name === member.name)!.hotkeys.default!,
      coldkeySigner: await openWallet({ path, name: member.name }).coldkeySigner(),
    })),
  )
}

interface Place {
  readonly endpoint: string
  readonly folder: string
  readonly netuid: number
  readonly players: readonly Player[]
  readonly gatewayPort: number
  readonly gatewayStatusPort: number
}

/** @returns status port of each validator by name */
async function startMinersAndValidators(
  supervisor: Supervisor,
  options: LocalRunOptions,
  place: Place,
): Promise<Map<string, number>> {
  const { folder, players, gatewayStatusPort } = place
  let axonPort = options.axonPort
  for (const { name, minerFlags } of players.filter(({ role }) => role === 'miner')) {
    const port = await portFrom(axonPort)
    if (axonPort !== 0) axonPort = port + 1
    const axon = ['--axon.ip', '127.0.0.1', '--axon.port', String(port), '--axon.drain_timeout', '2.5']
    supervisor.start({ name, args: ['miner', 'run', ...commonFlags(place, name), ...minerFlags, ...axon] })
  }
  const statusPorts = new Map<string, number>()
  for (const { name, idle } of players.filter(({ role }) => role === 'validator')) {
    const statusPort = await freePort(0, '--status.port')
    statusPorts.set(name, statusPort)
    const own = ['--db', join(folder, `${name}.db`), '--status.port', String(statusPort)]
    const traffic = `http://127.0.0.1:${gatewayStatusPort}`
    const covert = ['--covert.hotkey', covertHotkey, '--traffic.url', traffic]
    const asked = options.domains.map(({ argument }) => argument).join(',')
    const tasks = ['--domains', asked, '--families', options.families.join(',')]
    const work = idle ? ['--idle'] : [...tasks, ...covert, '--seed', `${options.seed}/${name}`]
    supervisor.start({ name, args: ['validator', 'run', ...commonFlags(place, name), ...own, ...work] })
  }
  return statusPorts
}

function startGateway(supervisor: Supervisor, place: Place): void {
  const ports = ['--gateway.port', String(place.gatewayPort), '--status.port', String(place.gatewayStatusPort)]
  supervisor.start({ name: 'gateway', args: ['gateway', 'run', ...commonFlags(place, gatewayName), ...ports] })
}

function commonFlags({ endpoint, folder, netuid }: Place, name: string): string[] {
  return [
    ...['--netuid', String(netuid), '--subtensor.chain_endpoint', endpoint],
    ...['--wallet.path', join(folder, 'wallets'), '--wallet.name', name],
  ]
}

/** The first free port from here on; any free one for 0. */
async function portFrom(first: number): Promise<number> {
  for (let port = first; port < first + 100; port++) {
    try {
      return await freePort(port, '--axon.port')
    } catch {
      // Somebody's; nobody has been told yet which one a miner takes.
    }
  }
  return await freePort(0, '--axon.port')
}

function watchMemory(pids: () => readonly number[]): { readonly peakBytes: number; readonly timer: NodeJS.Timeout } {
  let peakBytes = 0
  const timer = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await memoryOf(pids()))
  }, memoryEveryMs)
  return {
    get peakBytes() {
      return peakBytes
    },
    timer,
  }
}
