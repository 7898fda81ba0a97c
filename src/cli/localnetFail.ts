import { localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: 'Makes the next extrinsic in a block fail, as with SubtensorModule.NotEnoughStake; without a name as Other.',
  usage: '[ERROR]',
  power: ([error]) => ({
    method: 'localnet_failNext',
    params: [error],
    text: () => `The next extrinsic fails with ${error ?? 'Other'}.`,
  }),
})
