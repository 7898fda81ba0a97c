import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { run } from '../unit/cli/runCommand.ts'
import { medqaFiles, writeSet } from '../unit/domain/benchmarks/setFiles.ts'
import { coldkeyUri, hotkeyUri, signerOf, validatorWorld, type World } from './validatorWorld.ts'

let folder: string
let world: World

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-benchmark-e2e-'))
  world = await validatorWorld({ interval: '50ms', tempoBlocks: 100, miners: ['anna'], validators: ['vera'] })
  const vera = { name: 'vera', coldkeyUri: coldkeyUri('vera'), hotkeyUris: { default: hotkeyUri('vera') } }
  await createDevWallets(folder, [vera])
})

afterAll(async () => {
  await world?.close()
  await rm(folder, { recursive: true, force: true })
})

const flags = (uid: number): string[] => [
  ...['--dataset', 'medqa', '--path', writeSet(medqaFiles), '--domain', 'sums', '--miner', String(uid), '--json'],
  ...['--subtensor.network', world.localnet.endpoint, '--netuid', String(world.netuid)],
  ...['--wallet.path', folder, '--wallet.name', 'vera'],
]

test('a miner on chain is asked by its uid, under the hotkey of the wallet', async () => {
  const callers = new Set<string>()
  await world.serve('anna', (question, domain, _signal, caller) => {
    callers.add(`${caller} ${domain}`)
    return question.includes('sunlight') ? 'By light.\nAnswer: C' : 'Answer: A'
  })
  const uid = world.uids.get('anna')!
  const { code, json } = await run('benchmark run', flags(uid))
  expect(code).toBe(0)
  expect(json()).toMatchObject({
    model: `miner ${uid}`,
    asked: { uid, domain: 'sums' },
    total: { questions: 2, right: 1 },
  })
  expect([...callers]).toEqual([`${(await signerOf(hotkeyUri('vera'))).address} sums`])
})

test('a uid that serves nothing is named', async () => {
  const uid = world.uids.get('vera')!
  await expect(run('benchmark run', flags(uid))).rejects.toMatchObject({
    failure: { field: '--miner', value: uid },
    mend: `no other miner serves at this uid of subnet ${world.netuid}`,
  })
})
