import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateAxonKey } from '../../src/axon/axonKey.ts'
import { startAxon } from '../../src/axon/startAxon.ts'
import { resolveSettings } from '../../src/base/config.ts'
import type { Rao } from '../../src/base/units.ts'
import { burnedRegister, getBurn } from '../../src/chain/burnedRegister.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getMetagraph } from '../../src/chain/getMetagraph.ts'
import { getSlots } from '../../src/chain/getSlots.ts'
import { pruningOrder } from '../../src/chain/pruningOrder.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { startCall } from '../../src/chain/startCall.ts'
import type { CommandIo } from '../../src/cli/command.ts'
import { command as minerRun } from '../../src/cli/minerRun.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { run } from '../unit/cli/runCommand.ts'

const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))

let folder: string
let localnet: Localnet
let chain: Chain
let netuid: number
let minerUid: number
let miner: Signer
let funder: Signer
const closers: (() => unknown)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-miner-owner-'))
  localnet = await startLocalnet({ port: 0, interval: '50ms' })
  chain = await connectChain({ endpoints: [localnet.endpoint] })
  const [owner, ownerHotkey] = [await signer('//Bob'), await signer('//Bob_hk')]
  funder = await signer('//Dave')
  miner = await signer('//Dave_miner')
  netuid = (await registerNetwork(chain, { signer: owner, hotkey: ownerHotkey.address })).netuid
  await startCall(chain, { signer: owner, netuid })
  // Two validators, uids 1 and 2, the first with more stake than the second.
  await localnet.registerNeurons({ netuid, count: 2, stake: 50n * 10n ** 9n })
  const first = await signer(`//neuron//${netuid}//1`)
  localnet.setStake({ hotkey: first.address, coldkey: first.address, netuid, amount: 90n * 10n ** 9n })
  minerUid = (await burnedRegister(chain, { signer: funder, hotkey: miner.address, netuid })).uid
  const caller = await signer('//Dave_caller')
  await burnedRegister(chain, { signer: funder, hotkey: caller.address, netuid })
  const wallet = (name: string) => ({ name, coldkeyUri: '//Dave', hotkeyUris: { default: `//Dave_${name}` } })
  await createDevWallets(join(folder, 'all'), [wallet('miner'), wallet('caller')])
})

afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await chain?.close()
  await localnet?.close()
  await rm(folder, { recursive: true, force: true })
})

const at = (path: string, ...argv: string[]) =>
  run(path, [...argv, '--netuid', String(netuid), '--subtensor.chain_endpoint', localnet.endpoint])
const asJson = async (path: string, ...argv: string[]) => (await at(path, ...argv, '--json')).json()

interface StageLine {
  readonly name: string
  readonly outcome: string
  readonly detail: string
  readonly mend?: string
}

async function check(...argv: string[]): Promise<StageLine[]> {
  return (await asJson('miner check', ...argv)).stages as StageLine[]
}

let statusPort: number
let axonPort: number
let stopMiner: () => Promise<void>

test('a miner runs where the wallet holds the hotkey and nothing else', async () => {
  const hotkeys = join(folder, 'serving', 'miner', 'hotkeys')
  await mkdir(hotkeys, { recursive: true })
  await copyFile(join(folder, 'all', 'miner', 'hotkeys', 'default'), join(hotkeys, 'default'))
  ;[axonPort, statusPort] = await Promise.all([freePort(0, 'axon'), freePort(0, 'status')])
  const stop = new AbortController()
  // There is no terminal either: whatever asked for a password would fail.
  const io: CommandIo = { print: () => undefined, note: () => undefined, isTerminal: false, stop: stop.signal }
  const flags = ['--domain', 'freeloader', '--netuid', String(netuid), '--network', localnet.endpoint]
  const place = ['--wallet.path', join(folder, 'serving'), '--wallet.name', 'miner']
  const ports = ['--axon.port', String(axonPort), '--status.port', String(statusPort)]
  const running = minerRun.run(resolveSettings(minerRun.settings, [...flags, ...place, ...ports], {}), io)
  stopMiner = async () => {
    stop.abort()
    await running
  }
  closers.push(() => stopMiner())
  await expect
    .poll(async () => (await getMetagraph(chain, { netuid })).neurons[minerUid]?.axon?.port, { timeout: 20_000 })
    .toBe(axonPort)
  expect((await fetch(`http://127.0.0.1:${statusPort}/healthz`)).status).toBe(200)
  expect(await readdir(join(folder, 'serving', 'miner'))).toEqual(['axons', 'hotkeys'])
})

test('check goes a caller’s whole way and says what it found', async () => {
  const place = ['--wallet.path', join(folder, 'all')]
  const stages = await check('--uid', String(minerUid), ...place, '--caller.wallet.name', 'caller')
  expect(stages.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'registration ok',
    'announcement warning',
    'certificate ok',
    'tcp ok',
    'tls ok',
    'hello ok',
    'answer ok',
  ])
  expect(stages[1]!.detail).toContain('a loopback address')
  expect(stages[6]!.detail).toMatch(/ tokens of law, the first text after \d+ ms, a good receipt$/)
})

test('without a caller’s key check proves the axon by its refusal of a stranger', async () => {
  const shown = await at('miner check', '--hotkey-address', miner.address)
  expect(shown.code).toBe(0)
  expect(shown.out).toMatch(/\nhello +ok +\d+ ms +an axon of this hotkey, chain and subnet; it turned away/)
  expect(shown.out).toMatch(/\nanswer +skipped +needs the key of a hotkey/)
})

test('status tells weights, emission, immunity and who asked', async () => {
  // Permits come with the first epoch, and weights count in the next one.
  await localnet.mineToEpoch(netuid)
  localnet.forceWeights({
    netuid,
    uid: 1,
    weights: [
      [minerUid, 40_000],
      [0, 60_000],
    ],
  })
  localnet.forceWeights({ netuid, uid: 2, weights: [[minerUid, 65_535]] })
  await localnet.mineToEpoch(netuid)
  const place = ['--wallet.path', join(folder, 'all'), '--wallet.name', 'miner']
  const report = await asJson('miner status', ...place, '--status.port', String(statusPort))
  expect(report).toMatchObject({ uid: minerUid, hotkey: miner.address, neurons: 5, axon: { port: axonPort } })
  expect(report.incentive).toBeGreaterThan(0)
  expect(report.immunityLeftBlocks).toBeGreaterThan(4_000)
  const { perEpoch, perDay } = report.emission as { perEpoch: string; perDay: { alpha: string } }
  expect(BigInt(perEpoch)).toBeGreaterThan(0n)
  expect(BigInt(perDay.alpha)).toBeGreaterThan(BigInt(perEpoch))
  expect(report.weighers).toMatchObject([
    { uid: 1, share: 0.4, counted: 'whole' },
    { uid: 2, share: 1, counted: 'clipped' },
  ])
  expect(report.pruning).toMatchObject({ freePlaces: 251, of: expect.any(Number) })
  expect(report.running).toMatchObject({ hotkey: miner.address, callers: [{ answered: 1, unanswered: 0 }] })

  const { out } = await at('miner status', '--uid', String(minerUid), '--status.port', String(statusPort))
  expect(out).toMatch(/\n {2}incentive +0\.\d{4}, rank [12] of 5\n/)
  expect(out).toMatch(/\n {2}immunity +\d+ blocks \(.+\) left\n/)
  expect(out).toMatch(/\n +2 +α\d+\.\d{9} +\d\.\d{4} +1\.0000 +\d+ blocks ago +up to the consensus +5\w{47}\n/)
  expect(out).toMatch(/\n\d+ s ago +1 +0 .*5\w{47}/)
  const alone = await at('miner status', '--uid', String(minerUid))
  expect(alone.out).toContain('not known: name the --status.port')
  await expect(at('miner status', '--uid', '99')).rejects.toThrow('--uid: 99 cannot be used')
})

test('status shows earlier days, as far back as the hotkey had its place', async () => {
  const { block: before } = await localnet.mineToEpoch(netuid).then(() => getMetagraph(chain, { netuid }))
  // Two days within the 100 blocks that the pace is taken from: a day is some 50 of them.
  localnet.jumpTime(2 * 86_400_000)
  await localnet.mine(40)
  const { history, block, blockMs } = await asJson('miner status', '--uid', String(minerUid), '--days', '9')
  const { days, isCut } = history as { days: { daysAgo: number; block: number; perEpoch: string }[]; isCut: boolean }
  expect(isCut).toBe(false)
  expect(days.length).toBeGreaterThan(0)
  expect(days[0]!.daysAgo).toBe(1)
  for (const day of days) {
    expect(day.block).toBe((block as number) - Math.round((day.daysAgo * 86_400_000) / (blockMs as number)))
    if (day.block >= before) expect(BigInt(day.perEpoch)).toBeGreaterThan(0n)
  }
  expect((await at('miner status', '--uid', String(minerUid))).out).toMatch(/\nDAYS AGO +BLOCK +INCENTIVE/)
})

test('check names the stage that fails and its mend', async () => {
  await stopMiner()
  const uid = String(minerUid)
  expect((await check('--uid', uid)).at(-1)).toMatchObject({
    name: 'tcp',
    outcome: 'failed',
    mend: expect.stringContaining('nothing listens there'),
  })
  expect((await at('miner check', '--uid', uid)).code).toBe(1)
  expect((await check('--uid', '0')).at(-1)).toMatchObject({ name: 'announcement', outcome: 'failed' })
  const stranger = await signer('//Stranger')
  expect(await check('--hotkey-address', stranger.address)).toMatchObject([{ name: 'registration', outcome: 'failed' }])

  // A program that takes connections and says nothing of use.
  const plain: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n', () => socket.destroy())
  })
  await new Promise<void>((resolve) => plain.listen(axonPort, '127.0.0.1', resolve))
  const mute = (await check('--uid', uid)).at(-1)
  expect(mute).toMatchObject({
    name: 'tls',
    outcome: 'failed',
    mend: expect.stringContaining('no axon of this protocol'),
  })
  await new Promise((resolve) => plain.close(resolve))

  const served = { domains: ['law'], models: [], admit: () => ({ ok: true, stake: 0n }) as const }
  const serving = { ...served, host: '127.0.0.1', port: axonPort, genesis: localnet.node.genesisHash, netuid }
  const other = await startAxon({
    ...serving,
    key: generateAxonKey(),
    hotkey: miner.address,
    answer: () => {
      throw new Error('nobody gets as far as asking')
    },
  })
  const wrongKey = (await check('--uid', uid)).at(-1)
  await other.close()
  expect(wrongKey).toMatchObject({
    name: 'tls',
    outcome: 'failed',
    detail: expect.stringContaining('does not hold the key'),
  })
})

test('the pruning order is the one in which the chain replaces', async () => {
  localnet.setHyperparameter({ name: 'tempo', value: 5_000, netuid })
  localnet.setHyperparameter({ name: 'immunity_period', value: 1, netuid })
  await localnet.registerNeurons({ netuid, count: 59 })
  localnet.setHyperparameter({ name: 'max_allowed_uids', value: 64, netuid })
  await localnet.mine(2)
  const { neurons, blockHash, ...metagraph } = await getMetagraph(chain, { netuid })
  const slots = await getSlots(chain, { netuid, neurons: neurons.length, at: blockHash })
  const withBlocks = neurons.map((neuron) => ({ ...neuron, registeredAtBlock: slots.registeredAtBlock[neuron.uid]! }))
  const order = pruningOrder({ ...slots, ...metagraph, neurons: withBlocks })
  const replaced: number[] = []
  for (const name of ['a', 'b', 'c']) {
    const hotkey = (await signer(`//late//${name}`)).address
    replaced.push((await burnedRegister(chain, { signer: funder, hotkey, netuid })).uid)
  }
  expect(replaced).toEqual(order.slice(0, 3))
})

test('a registration above its limit is refused with both amounts, whoever keeps the limit', async () => {
  const hotkey = (await signer('//late//d')).address
  // The price decays with every block.
  localnet.setBlockTime('manual')
  const price = await getBurn(chain, { netuid })
  const dear = { failure: { code: 'too-dear', price, limit: 1n } }
  await expect(burnedRegister(chain, { signer: funder, hotkey, netuid, limit: 1n as Rao })).rejects.toMatchObject(dear)
  localnet.setBlockTime('50ms')
  // The price rises after it was looked at: the chain keeps the limit.
  localnet.failNext('SubtensorModule.RegistrationPriceLimitExceeded')
  const limited = burnedRegister(chain, { signer: funder, hotkey, netuid, limit: (2n * price) as Rao })
  await expect(limited).rejects.toThrow(/^registering costs τ\d+\.\d{9} now, above the limit of τ/)

  const old = await startLocalnet({ port: 0, interval: '50ms', spec: 393 })
  closers.push(() => old.close())
  const oldChain = await connectChain({ endpoints: [old.endpoint] })
  closers.push(() => oldChain.close())
  const order = { signer: funder, hotkey, netuid: 1 }
  const burn = await getBurn(oldChain, { netuid: 1 })
  await expect(burnedRegister(oldChain, { ...order, limit: (burn - 1n) as Rao })).rejects.toMatchObject({
    failure: { code: 'too-dear', limit: burn - 1n },
  })
  expect((await burnedRegister(oldChain, { ...order, limit: burn })).uid).toBe(1)
})
