import { expect, onTestFinished, test } from 'vitest'
import { batchCalls, composeCall, sudoCall } from '../../src/chain/calls.ts'
import { connectChain } from '../../src/chain/connect.ts'
import { submit } from '../../src/chain/submit.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { chainPopulation } from '../../src/validator/sim/chainPopulation.ts'
import { newSubnet } from '../../src/validator/sim/subnetRules.ts'

test('a real subnet is simulated with its own liquid alpha', async () => {
  const localnet = await startLocalnet({ port: 0, interval: 'instant' })
  onTestFinished(() => localnet.close())
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  onTestFinished(() => chain.close())
  const netuid = 1
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
  const signer = localSigner(await pairFromUri('//Alice'))
  await submit(chain, sudoCall(chain, batchCalls(chain, settings)), { signer })
  const after = (await chainPopulation(chain, { netuid })).rules
  expect([after.liquidAlpha, after.alphaLow, after.alphaHigh]).toEqual([true, 2_000, 30_000])
})
