import { expect, test } from 'vitest'
import { runRandomChain } from './randomChain.ts'

// Twenty seconds; `npm run test:long` drives ten thousand blocks. Another seed finds other ways.
const blocks = Number(process.env.FACULTY_RANDOM_BLOCKS ?? 500)
const seed = process.env.FACULTY_RANDOM_SEED ?? 'random extrinsics'

/** What must have gone through at least once: a run in which everything fails would show nothing. */
const vital = [
  ...['add_stake', 'add_stake_limit', 'remove_stake', 'remove_stake_limit', 'remove_stake_full_limit'],
  ...['unstake_all', 'unstake_all_alpha', 'move_stake', 'transfer_stake', 'swap_stake', 'recycle_alpha', 'burn_alpha'],
  ...['register_network', 'start_call', 'burned_register', 'root_register', 'root_dissolve_network'],
  ...['set_children', 'set_childkey_take', 'set_coldkey_auto_stake_hotkey'],
]

test(`nothing that anybody sends in ${blocks} blocks breaks the chain`, {
  timeout: 120_000 + blocks * 200,
}, async () => {
  const { succeeded, failed, refused } = await runRandomChain({ blocks, seed })
  if (process.env.FACULTY_RANDOM_TALLY !== undefined) console.log([...succeeded].sort(), [...failed].sort(), refused)
  if (blocks >= 500) expect(vital.filter((name) => !succeeded.has(`SubtensorModule.${name}`))).toEqual([])
  expect(failed.size).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(0)
})
