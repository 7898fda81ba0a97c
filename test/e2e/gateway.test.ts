import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { certificateBytes, generateAxonKey } from '../../src/axon/axonKey.ts'
import { type Axon, startAxon } from '../../src/axon/startAxon.ts'
import { resolveSettings } from '../../src/base/config.ts'
import { burnedRegister } from '../../src/chain/burnedRegister.ts'
import { composeCall, sudoCall } from '../../src/chain/calls.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getMetagraph } from '../../src/chain/getMetagraph.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { serveAxon } from '../../src/chain/serveAxon.ts'
import { submit } from '../../src/chain/submit.ts'
import { command as ask } from '../../src/cli/ask.ts'
import type { Command } from '../../src/cli/command.ts'
import { command as gatewayRun } from '../../src/cli/gatewayRun.ts'
import { command as receiptVerify } from '../../src/cli/receiptVerify.ts'
import { minersServe } from '../../src/cli/up/minersServe.ts'
import { createClient } from '../../src/client/client.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { announcedIp } from '../../src/wire/axonAddress.ts'
import { echo, until } from '../unit/gateway/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const question = 'May a minor sell a car?'

let folder: string
let localnet: Localnet
let chain: Chain
let netuid: number
let gateway: { url: string; process: ChildProcess }
const axons: Axon[] = []
const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))

/** Starts `faculty …` from source in a process of its own. */
function faculty(...argv: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(root, 'src/cli/main.ts'), ...argv], { cwd: root })
}

/** Runs a command in this process, as `main` would. */
async function run(command: Command, ...argv: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  try {
    const code = await command.run(resolveSettings(command.settings, argv, {}), {
      print: (text) => {
        out += `${text}\n`
      },
      note: () => undefined,
      isTerminal: false,
      stop: new AbortController().signal,
    })
    return { code: code ?? 0, out }
  } finally {
    write.mockRestore()
  }
}

async function announce(hotkey: Signer, port: number, certificate: Uint8Array): Promise<void> {
  await serveAxon(chain, { signer: hotkey, netuid, ...announcedIp('127.0.0.1'), port, certificate })
}

/** A miner on chain that answers with its uid and the question. */
async function miner(uri: string, domain: string): Promise<{ hotkey: Signer; axon: Axon; uid: number }> {
  const hotkey = await signer(uri)
  const { uid } = await burnedRegister(chain, { signer: await signer('//Dave'), hotkey: hotkey.address, netuid })
  const callers = async (): Promise<Set<string>> =>
    new Set((await getMetagraph(chain, { netuid })).neurons.map((neuron): string => neuron.hotkey))
  const key = generateAxonKey()
  const axon = await startAxon({
    host: '127.0.0.1',
    port: 0,
    key,
    hotkey: hotkey.address,
    genesis: localnet.node.genesisHash,
    netuid,
    domains: [domain],
    models: [],
    admit: async (caller) =>
      (await callers()).has(caller) ? { ok: true, stake: 0n } : { ok: false, code: 'unknown-hotkey' },
    answer: echo(uid),
  })
  axons.push(axon)
  await announce(hotkey, axon.port, certificateBytes(key))
  return { hotkey, axon, uid }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-gateway-'))
  localnet = await startLocalnet({ port: 0, interval: '50ms' })
  chain = await connectChain({ endpoints: [localnet.endpoint] })
  const admin = async (name: string, args: readonly unknown[]): Promise<void> => {
    const call = sudoCall(chain, composeCall(chain, 'AdminUtils', name, args))
    await submit(chain, call, { signer: await signer('//Alice') })
  }
  await admin('sudo_set_admin_freeze_window', [0])
  const ownerHotkey = await signer('//Bob_hk')
  const made = await registerNetwork(chain, { signer: await signer('//Bob'), hotkey: ownerHotkey.address })
  netuid = made.netuid
  await admin('sudo_set_network_registration_allowed', [netuid, true])
  await admin('sudo_set_serving_rate_limit', [netuid, 0])
  await createDevWallets(folder, [{ name: 'owner', coldkeyUri: '//Bob', hotkeyUris: { default: '//Bob_hk' } }])
})

afterAll(async () => {
  gateway?.process.kill('SIGKILL')
  for (const axon of axons) await axon.close()
  await chain?.close()
  await localnet?.close()
  await rm(folder, { recursive: true, force: true })
})

const chainFlags = () => ['--subtensor.network', localnet.endpoint, '--netuid', String(netuid)]

test('the gateway does not start under a hotkey that is not on the subnet', async () => {
  await createDevWallets(folder, [{ name: 'stranger', coldkeyUri: '//Eve', hotkeyUris: { default: '//Eve_hk' } }])
  const wallet = ['--wallet.path', folder, '--wallet.name', 'stranger']
  const started = run(gatewayRun, ...wallet, ...chainFlags(), '--gateway.port', '0')
  await expect(started).rejects.toMatchObject({
    failure: { code: 'not-registered' },
    mend: `register it: faculty subnet register --netuid ${netuid}`,
  })
})

test('a local run waits for its miners before it starts the gateway, but not for ever', async () => {
  const late = await signer('//Dave_late')
  await burnedRegister(chain, { signer: await signer('//Dave'), hotkey: late.address, netuid })
  const { signal } = new AbortController()
  const wait = (timeoutMs: number) => minersServe(chain, { netuid, hotkeys: [late.address], timeoutMs, signal })
  expect(await wait(300)).toBe(false)
  const [served] = await Promise.all([wait(20_000), announce(late, 9, certificateBytes(generateAxonKey()))])
  expect(served).toBe(true)
})

test('the program serves what miners on chain declare, to the OpenAI client and to faculty ask', async () => {
  const medicine = await miner('//Dave_medicine', 'medicine')
  const law = await miner('//Dave_law', 'law')
  const wallet = ['--wallet.path', folder, '--wallet.name', 'owner']
  const child = faculty('gateway', 'run', ...wallet, ...chainFlags(), '--gateway.port', '0', '--logging.json')
  let log = ''
  child.stderr!.on('data', (data) => (log += String(data)))
  let url: string | undefined
  createInterface({ input: child.stdout! }).on('line', (line) => {
    url ??= /listens on (http:\S+)\/v1/.exec(line)?.[1]
  })
  await until(() => url !== undefined || child.exitCode !== null, 'the gateway listens', 25_000)
  expect(url, log).toBeDefined()
  gateway = { url: url!, process: child }

  const openai = new OpenAI({ apiKey: 'unused', baseURL: `${url}/v1`, maxRetries: 0 })
  const models = await openai.models.list()
  expect(models.data.map(({ id }) => id)).toEqual(['law', 'medicine'])
  const asked = { model: 'medicine', messages: [{ role: 'user' as const, content: question }] }
  const completion = await openai.chat.completions.create(asked)
  expect(completion.choices[0]!.message.content).toBe(`${medicine.uid}: ${question}`)

  const file = join(folder, 'receipt.json')
  const { code, out } = await run(ask, question, '--domain', 'law', '--gateway', url!, '--receipt', file)
  expect(out).toMatch(
    new RegExp(
      `^${law.uid}: May a minor sell a car\\?\nminer ${law.uid} · \\d+ tokens · \\d+ ms · receipt verified\nnote: this miner has no incentive: .*\n$`,
    ),
  )
  expect(code).toBe(0)

  const verified = await run(receiptVerify, file, '--subtensor.network', localnet.endpoint)
  expect(verified.out).toMatch(/^ok {4}genesis/m)
  expect(verified.out).toMatch(/^ok {4}publicKey/m)
  expect(verified.out).toMatch(/The receipt fits\.\n$/)
  expect(verified.code).toBe(0)

  // A key of somebody else's, whose signature fits: only the chain can tell.
  const kept = JSON.parse(await readFile(file, 'utf8'))
  const other = await createClient({ baseUrl: url! }).ask({ domain: 'medicine', question })
  const forged = { ...kept, publicKey: other.publicKey }
  await writeFile(join(folder, 'forged.json'), JSON.stringify(forged))
  const refused = await run(receiptVerify, join(folder, 'forged.json'), '--subtensor.network', localnet.endpoint)
  expect(refused.out).toMatch(/^FAIL {2}signature/m)
  expect(refused.out).toMatch(/^FAIL {2}publicKey +another key is published/m)
  expect(refused.code).toBe(1)

  // The miner changes its key, so the receipt under the old one is no longer backed by the chain.
  await announce(law.hotkey, law.axon.port, certificateBytes(generateAxonKey()))
  const stale = await run(receiptVerify, file, '--subtensor.network', localnet.endpoint, '--json')
  const failed = JSON.parse(stale.out).checks.filter(({ ok }: { ok: boolean }) => !ok)
  expect(failed).toMatchObject([{ check: 'publicKey' }])
  expect(stale.code).toBe(1)
  expect((await run(receiptVerify, file, '--offline')).code).toBe(0)
})

test('it serves on when the chain is gone, and ends cleanly when told to', async () => {
  await chain.close()
  await localnet.close()
  const answer = await createClient({ baseUrl: gateway.url }).ask({ domain: 'medicine', question })
  expect(answer.text).toContain(question)
  const toldAtMs = performance.now()
  gateway.process.kill('SIGTERM')
  const [code] = (await once(gateway.process, 'exit')) as [number]
  expect(code).toBe(0)
  expect(performance.now() - toldAtMs).toBeLessThan(10_000)
})
