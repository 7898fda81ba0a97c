import { expect, onTestFinished, test } from 'vitest'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { addStake } from '../../src/chain/addStake.ts'
import { connectChain } from '../../src/chain/connect.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { removeStake } from '../../src/chain/removeStake.ts'
import { stakeChange } from '../../src/chain/stakeChange.ts'
import { startCall } from '../../src/chain/startCall.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner } from '../../src/keys/signer.ts'
import { startLocalnet } from '../../src/localnet/startLocalnet.ts'

test('what was unstaked is told, not the fee that came out of the stake', async () => {
  const localnet = await startLocalnet({ port: 0, interval: 'instant' })
  onTestFinished(() => localnet.close())
  const chain = await connectChain({ endpoints: [localnet.endpoint] })
  onTestFinished(() => chain.close())
  const alice = localSigner(await pairFromUri('//Alice'))
  const signer = localSigner(await pairFromUri('//Poor'))
  const hotkey = localSigner(await pairFromUri('//Alice_hk')).address
  const { netuid } = await registerNetwork(chain, { signer: alice, hotkey })
  await startCall(chain, { signer: alice, netuid })
  localnet.setBalance(signer.address, 20n * raoPerToken)
  const added = stakeChange(await addStake(chain, { signer, hotkey, netuid, amount: (10n * raoPerToken) as Rao }))
  expect(added.taoRao).toBeGreaterThan(9n * raoPerToken)
  localnet.setBalance(signer.address, 600n)
  const amount = raoPerToken as Rao
  const removed = stakeChange(await removeStake(chain, { signer, hotkey, netuid, amount }))
  expect(removed.alphaRao).toBe(amount)
  expect((await getBalance(chain, { address: signer.address })).free).toBe(600n + removed.taoRao)
})
