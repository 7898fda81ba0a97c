import { localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: 'Remembers the chain as it is; faculty localnet revert goes back to it.',
  power: () => ({
    method: 'localnet_snapshot',
    params: [],
    text: (result) => `Snapshot ${result}.`,
  }),
})
