import { expect, onTestFinished, test } from 'vitest'
import { batchCalls, composeCall, sudoCall } from '../../src/chain/calls.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { submit } from '../../src/chain/submit.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { draftWeights } from '../../src/validator/draftWeights.ts'
import { chainPopulation } from '../../src/validator/sim/chainPopulation.ts'
import { newSubnet } from '../../src/validator/sim/subnetRules.ts'
import { weightsChain } from '../../src/validator/weightsChain.ts'

const netuid = 1
const sudo = localSigner(await pairFromUri('//Alice'))

async function localChain(): Promise<Chain> {
  const localnet = await startLocalnet({ port: 0, interval: 'instant' })
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  onTestFinished(async () => {
    await chain.close()
    await localnet.close()
  })
  return chain
}

test('weights follow the scores, whatever limit on shares is left in the storage of an old subnet', async () => {
  const chain = await localChain()
  const key = chain.api.query.subtensorModule!.maxWeightsLimit!.key(netuid)
  const limit = composeCall(chain, 'System', 'set_storage', [[[key, '0xc701']]])
  await submit(chain, sudoCall(chain, limit), { signer: sudo })
  const view = await weightsChain(chain, { signer: sudo, netuid, timelocked: false }).view()
  expect(draftWeights([1, 0.5, 0.25], view)).toEqual({ uids: [0, 1, 2], values: [65_535, 32_768, 16_384] })
})

test('a real subnet is simulated with its own liquid alpha', async () => {
  const chain = await localChain()
  const before = (await chainPopulation(chain, { netuid })).rules
  expect([before.liquidAlpha, before.alphaLow, before.alphaHigh]).toEqual([
    false,
    newSubnet.alphaLow,
    newSubnet.alphaHigh,
  ])
  const settings = [
    composeCall(chain, 'AdminUtils', 'sudo_set_liquid_alpha_enabled', [netuid, true]),
    composeCall(chain, 'AdminUtils', 'sudo_set_alpha_values', [netuid, 2_000, 30_000]),
  ]
  await submit(chain, sudoCall(chain, batchCalls(chain, settings)), { signer: sudo })
  const after = (await chainPopulation(chain, { netuid })).rules
  expect([after.liquidAlpha, after.alphaLow, after.alphaHigh]).toEqual([true, 2_000, 30_000])
})
