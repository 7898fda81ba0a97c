import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composeCall, sudoCall } from '../../src/chain/calls.ts'
import { commitHash, commitWeights } from '../../src/chain/commitWeights.ts'
import { connectChain } from '../../src/chain/connect.ts'
import { setWeights } from '../../src/chain/setWeights.ts'
import { submit } from '../../src/chain/submit.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { type RunOptions, run, typist } from '../unit/cli/runCommand.ts'

const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const bob = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

let localnet: Localnet
let folder: string

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '50ms' })
  folder = mkdtempSync(join(tmpdir(), 'faculty-cli-chain-'))
  const wallet = (name: string) => ({ name, coldkeyUri: `//${name}`, hotkeyUris: { default: `//${name}_hk` } })
  await createDevWallets(folder, [wallet('Alice'), wallet('Bob'), wallet('Charlie')])
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  const call = composeCall(chain, 'AdminUtils', 'sudo_set_admin_freeze_window', [0])
  await submit(chain, sudoCall(chain, call), { signer: await signer('//Alice') })
  await chain.close()
})

afterAll(async () => {
  await localnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))

/** Commands that look at a subnet need no wallet, and take no flags for one. */
const looks = ['subnet list', 'subnet metagraph', 'subnet hyperparameters', 'weights show']

/** A command for a wallet of the test against the localnet. */
const at = (path: string, wallet: string, argv: readonly string[], options?: RunOptions) => {
  const own = looks.includes(path) ? [] : ['--wallet.path', folder, '--wallet.name', wallet]
  return run(path, [...argv, ...own, '--subtensor.chain_endpoint', localnet.endpoint], options)
}
const asJson = async (path: string, wallet: string, argv: readonly string[]) =>
  (await at(path, wallet, [...argv, '--json'])).json()

test('money is sent once it is agreed to, and the balances show it to the rao', async () => {
  const order = ['--to', bob, '--amount', '1.5']
  const terminal = typist('n')
  const declined = await at('wallet transfer', 'Charlie', order, { terminal })
  expect([declined.code, declined.out]).toEqual([1, ''])
  expect(declined.notes).toContain(`Send τ1.500000000 from `)
  await expect(at('wallet transfer', 'Charlie', order)).rejects.toThrow('--yes is missing')

  const sent = await asJson('wallet transfer', 'Charlie', [...order, '--yes'])
  expect(sent).toMatchObject({ to: bob, amountRao: '1500000000', blockHash: expect.stringMatching(/^0x/) })
  const { accounts } = (await asJson('wallet balance', 'Charlie', [])) as { accounts: { freeRao: string }[] }
  expect(BigInt(accounts[0]!.freeRao)).toBe(10n ** 15n - 1_500_000_000n - BigInt(sent.feeRao as string))
  const { out } = await at('wallet balance', 'Charlie', ['--all'])
  expect(out).toMatch(new RegExp(`Bob +${bob} +τ1000001\\.500000000 +τ0\\.000000000 +τ1000001\\.500000000`))
})

test('from a subnet that does not exist to one that is mined, weighed and staked on', async () => {
  const created = await asJson('subnet create', 'Bob', ['-y'])
  expect(created).toMatchObject({ netuid: 2, owner: bob, costRao: '1000000000000' })
  const subnet = ['--netuid', '2']
  expect((await at('subnet start', 'Bob', subnet)).out).toContain('Started subnet 2.')
  await expect(at('subnet start', 'Bob', subnet)).rejects.toThrow('FirstEmissionBlockNumberAlreadySet')
  await expect(at('subnet start', 'Bob', [])).rejects.toThrow('--netuid is missing')

  expect(await asJson('subnet register', 'Charlie', [...subnet, '-y'])).toMatchObject({ netuid: 2, uid: 1 })
  await expect(at('subnet register', 'Alice', [...subnet, '-y', '--max-cost', '0.0001'])).rejects.toThrow(
    '--max-cost: "τ0.000100000" cannot be used',
  )

  const tempo = await asJson('subnet set', 'Alice', ['tempo', '7', ...subnet])
  expect(tempo).toMatchObject({ name: 'tempo', value: '7', origin: 'root' })
  const plain = await asJson('subnet set', 'Bob', ['commit_reveal_weights_enabled', 'false', ...subnet])
  expect(plain).toMatchObject({ origin: 'owner' })
  const settings = await at('subnet hyperparameters', 'Bob', subnet)
  expect(settings.out).toMatch(/tempo +7 +sudo key +blocks between epochs/)
  await expect(at('subnet set', 'Charlie', ['tempo', '9', ...subnet])).rejects.toMatchObject({
    failure: { code: 'not-permitted', needed: alice },
  })

  const staked = await asJson('stake add', 'Charlie', [...subnet, '--amount', '100', '-y'])
  expect(BigInt(staked.alphaRao as string)).toBeGreaterThan(0n)
  expect((await at('stake list', 'Charlie', [])).out).toMatch(/ +2 +5\w{47} +α\d+\.\d{9} +τ\d+\.\d{9}/)
  const removed = await asJson('stake remove', 'Charlie', [...subnet, '--amount', '1.25', '-y'])
  expect(removed).toMatchObject({ alphaRao: expect.stringMatching(/^12\d+$/) })
  await expect(at('stake remove', 'Charlie', [...subnet, '--amount', '5000', '-y'])).rejects.toThrow('--amount')
  await expect(at('stake remove', 'Charlie', [...subnet, '-y'])).rejects.toThrow('--amount is missing')

  const { out } = await at('subnet metagraph', 'Bob', subnet)
  expect(out).toMatch(/^Subnet 2 at block \d+: 2 neurons, tempo 7, owner 5FHneW46/)
  expect(out).toMatch(/\n +1 +.*none +5\w{47}\n/)
  const { neurons } = (await asJson('subnet metagraph', 'Bob', subnet)) as { neurons: Record<string, unknown>[] }
  expect(neurons.map(({ uid, coldkey, axon }) => [uid, coldkey, axon])).toMatchObject([
    [0, bob, null],
    [1, expect.any(String), null],
  ])
  const list = await at('subnet list', 'Bob', [])
  expect(list.out).toMatch(/ 2 .* started +2\/256 +7 /)
})

test('of a subnet that is not there nothing is made up, and nothing is paid for it', async () => {
  const free = async () =>
    ((await asJson('wallet balance', 'Bob', [])).accounts as { freeRao: string }[]).map(({ freeRao }) => freeRao)
  const before = await free()
  const words: [path: string, argv: string[]][] = [
    ['subnet hyperparameters', []],
    ['weights show', []],
    ['subnet register', ['--yes']],
    ['stake add', ['--amount', '1', '--yes']],
  ]
  for (const [path, argv] of words) {
    await expect(at(path, 'Bob', [...argv, '--netuid', '999']), path).rejects.toThrow('subnet 999 does not exist')
  }
  expect(await free()).toEqual(before)
})

test('weights and waiting commits are shown by who made them', async () => {
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  const owner = await signer('//Bob_hk')
  const subnet = ['--netuid', '2']
  try {
    expect((await at('weights show', 'Bob', subnet)).out).toContain('No weights are set on subnet 2.')
    await at('subnet set', 'Alice', ['weights_rate_limit', '0', ...subnet])
    await setWeights(chain, { signer: owner, netuid: 2, weights: { uids: [0, 1], values: [16_384, 49_151] } })
    await at('subnet set', 'Alice', ['commit_reveal_weights_enabled', 'true', ...subnet])
    const commit = { hotkey: owner.address, netuid: 2, uids: [1], values: [65_535], salt: [1, 2], versionKey: 0n }
    await commitWeights(chain, { signer: owner, commit })
    const { out } = await at('weights show', 'Bob', subnet)
    expect(out).toMatch(/VALIDATOR +uid 0 +uid 1\n.*\nuid 0 +0\.25\d\d +0\.7\d{3}\n/)
    expect(out).toContain(Buffer.from(commitHash(commit)).toString('hex'))
    const { rows, commits } = await asJson('weights show', 'Bob', subnet)
    expect(rows).toMatchObject([
      {
        uid: 0,
        weights: [
          [0, expect.any(Number)],
          [1, 65_535],
        ],
      },
    ])
    expect(commits).toMatchObject([{ hotkey: owner.address }])
  } finally {
    await chain.close()
  }
})
