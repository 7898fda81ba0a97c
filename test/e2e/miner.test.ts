import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parseTokens } from '../../src/base/units.ts'
import { burnedRegister } from '../../src/chain/burnedRegister.ts'
import { composeCall, sudoCall } from '../../src/chain/calls.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getMetagraph, type Neuron } from '../../src/chain/getMetagraph.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { submit } from '../../src/chain/submit.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import { Dendrite } from '../../src/dendrite/dendrite.ts'
import type { Target } from '../../src/dendrite/target.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import type { Miner, MinerOptions } from '../../src/miner/miner.ts'
import { openMinerChain } from '../../src/miner/minerChain.ts'
import { startMiner } from '../../src/miner/startMiner.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { hostOfChainIp } from '../../src/wire/axonAddress.ts'
import { workingScript, writeTinyModel } from '../unit/engine/tinyModel.ts'
import { keptLog } from '../unit/miner/memoryChain.ts'

let folder: string
let localnet: Localnet
let chain: Chain
let netuid: number
let signers: Record<'alice' | 'owner' | 'ownerHotkey' | 'funder' | 'miner' | 'caller', Signer>
const dendrites: Dendrite[] = []
const miners: Miner[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-miner-e2e-'))
  await writeTinyModel(join(folder, 'expert'), { kind: 'script', script: workingScript('yes') })
  localnet = await startLocalnet({ port: 0, interval: '50ms' })
  const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))
  signers = {
    alice: await signer('//Alice'),
    owner: await signer('//Bob'),
    ownerHotkey: await signer('//Bob_hk'),
    funder: await signer('//Dave'),
    miner: await signer('//Dave_miner'),
    caller: await signer('//Dave_caller'),
  }
  chain = await connectChain({ endpoints: [localnet.endpoint] })
  const admin = async (name: string, args: readonly unknown[]): Promise<void> => {
    await submit(chain, sudoCall(chain, composeCall(chain, 'AdminUtils', name, args)), { signer: signers.alice })
  }
  await admin('sudo_set_admin_freeze_window', [0])
  const made = await registerNetwork(chain, { signer: signers.owner, hotkey: signers.ownerHotkey.address })
  netuid = made.netuid
  await admin('sudo_set_network_registration_allowed', [netuid, true])
})

afterAll(async () => {
  for (const dendrite of dendrites) dendrite.close()
  for (const miner of miners) await miner.stop()
  await chain?.close()
  await localnet?.close()
  await rm(folder, { recursive: true, force: true })
})

function optionsOf(more: Partial<MinerOptions> = {}) {
  const { log, lines } = keptLog()
  const text = [{ name: 'text', kind: 'text' as const }]
  const options: MinerOptions = {
    miner: {
      definition: { domains: ['law'] },
      manifest: {
        format: 'faculty-manifest/1',
        title: 'Tiny',
        inputs: text,
        outputs: text,
        models: { expert: { folder: 'expert' } },
      },
      folder,
    },
    devices: ['cpu'],
    netuid,
    hotkey: signers.miner.address,
    axonKeyPath: join(folder, 'axons', 'key.pem'),
    connect: () => openMinerChain({ endpoints: [localnet.endpoint], netuid, signer: signers.miner }),
    listen: { host: '127.0.0.1', port: 0 },
    announce: { host: '127.0.0.1' },
    log,
    refreshMs: 200,
    ...more,
  }
  return { options, lines }
}

async function minerOnChain(holds: (neuron: Neuron) => boolean, timeoutMs = 20_000): Promise<Neuron> {
  const deadlineMs = performance.now() + timeoutMs
  while (performance.now() < deadlineMs) {
    const { neurons } = await getMetagraph(chain, { netuid })
    const found = neurons.find(({ hotkey }) => hotkey === signers.miner.address)
    if (found !== undefined && holds(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the chain never showed the miner so')
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function ask({ axon, certificate, hotkey }: Neuron, timeoutMs = 10_000) {
  const target: Target = { host: hostOfChainIp(axon!), port: axon!.port, publicKey: certificate!.publicKey, hotkey }
  const dendrite = new Dendrite({ signer: signers.caller, genesis: localnet.node.genesisHash, netuid })
  dendrites.push(dendrite)
  const messages = [{ role: 'user' as const, content: 'six times seven?' }]
  return await dendrite
    .session(target)
    .askOnce({ messages, maxTokens: 64, temperature: 0 }, { domain: 'law', timeoutMs })
}

test('a hotkey that is not registered is refused with the command that registers it', async () => {
  const starting = startMiner(optionsOf().options, new AbortController().signal)
  await expect(starting).rejects.toMatchObject({
    failure: { code: 'not-registered' },
    mend: `register it: faculty subnet register --netuid ${netuid}`,
  })
})

test('a subnet that does not exist is named', async () => {
  const options = optionsOf({
    connect: () => openMinerChain({ endpoints: [localnet.endpoint], netuid: 77, signer: signers.miner }),
  }).options
  await expect(startMiner(options, new AbortController().signal)).rejects.toMatchObject({
    failure: { code: 'not-found', what: 'subnet 77' },
  })
})

test('a registered miner is found through the chain alone, and answers a registered caller', async () => {
  const limit = parseTokens('100')
  for (const hotkey of [signers.miner.address, signers.caller.address]) {
    await burnedRegister(chain, { signer: signers.funder, hotkey, netuid, limit })
  }
  const { options, lines } = optionsOf()
  const miner = await startMiner(options, new AbortController().signal)
  miners.push(miner!)
  const found = await minerOnChain(({ axon }) => axon !== undefined)
  expect(miner!.status()).toMatchObject({ uid: found.uid, port: found.axon!.port })
  expect(found.axon!.ipType).toBe(6)
  expect(found.certificate).toMatchObject({ algorithm: 1 })
  const answer = await ask(found)
  expect(answer.text).toBe(' <calc>6*7</calc>=42\nAnswer: yes')
  expect(answer.receipt).toMatchObject({ genesis: localnet.node.genesisHash, netuid, miner: signers.miner.address })
  expect(lines.filter((line) => line === 'info: announced')).toHaveLength(1)
})

test('a miner on another port announces itself anew, the rate limit notwithstanding', async () => {
  await miners.pop()!.stop()
  const before = await minerOnChain(() => true)
  const { options } = optionsOf()
  miners.push((await startMiner(options, new AbortController().signal))!)
  const { port } = miners[0]!.status()
  expect(port).not.toBe(before.axon!.port)
  const found = await minerOnChain(({ axon }) => axon?.port === port)
  // The key is that of the file, so callers that pinned it need not forget it.
  expect(found.certificate).toEqual(before.certificate)
  expect((await ask(found)).text).toMatch(/yes$/)
})

test('a miner that withdraws is not found any more, and its key stays', async () => {
  const [before, { block }] = [await minerOnChain(() => true), await getMetagraph(chain, { netuid })]
  await miners.pop()!.stop()
  const { options, lines } = optionsOf({ withdraw: true, listen: { host: '127.0.0.1', port: before.axon!.port } })
  const miner = await startMiner(options, new AbortController().signal)
  // The chain takes one announcement in 50 blocks.
  while ((await getMetagraph(chain, { netuid })).block < block + 55) await pause(100)
  await miner!.stop()
  expect(lines.at(-1)).toBe('info: withdrawn: the chain says that nothing is served here')
  const { certificate } = await minerOnChain(({ axon }) => axon === undefined)
  expect(certificate).toEqual(before.certificate)
})

test('faculty miner run takes over a new configuration at SIGHUP, and ends cleanly at SIGTERM', async () => {
  const config = join(folder, 'miner.yaml')
  await writeFile(config, 'admission.requests_per_minute: 600\n')
  const wallets = join(folder, 'wallets')
  await createDevWallets(wallets, [{ name: 'default', coldkeyUri: '//Dave', hotkeyUris: { default: '//Dave_miner' } }])
  const flags = ['--domain', 'freeloader', '--wallet.path', wallets, '--netuid', String(netuid), '--logging.json']
  const reach = [
    '--network',
    localnet.endpoint,
    '--axon.port',
    String(await freePort(0, '--axon.port')),
    '--config',
    config,
  ]
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
  const node = ['--conditions=faculty-source', '--import', 'tsx', main]
  const child = spawn(process.execPath, [...node, 'miner', 'run', ...flags, ...reach])
  onTestFinished(() => void child.kill('SIGKILL'))
  let log = ''
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString()
  })
  // A process of its own has everything to load first.
  const found = await minerOnChain(({ axon }) => axon !== undefined, 60_000)
  expect((await ask(found)).text).toMatch(/^Answer/)
  await writeFile(config, 'admission.deny: nonsense\n')
  child.kill('SIGHUP')
  while (!log.includes('what was in force stays')) await pause(50)
  expect((await ask(found)).text).toMatch(/^Answer/)
  await writeFile(config, `admission:\n  deny: [${signers.caller.address}]\n`)
  child.kill('SIGHUP')
  while (!log.includes('is read anew')) await pause(50)
  await expect(ask(found)).rejects.toMatchObject({ failure: { code: 'refused', reason: 'denied' } })
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
}, 90_000)

test('a miner whose chain is gone goes on serving', async () => {
  miners.push((await startMiner(optionsOf().options, new AbortController().signal))!)
  const found = await minerOnChain(({ axon }) => axon?.port === miners[0]!.status().port)
  await chain.close()
  await localnet.close()
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect((await ask(found)).text).toMatch(/yes$/)
  await miners.pop()!.stop()
})
