import { afterEach, expect, test } from 'vitest'
import { AnswerError } from '../../../src/axon/axonError.ts'
import { freePort } from '../../../src/cli/up/freePort.ts'
import { fetchTraffic, servedIn } from '../../../src/validator/traffic/readTraffic.ts'
import { genesis, netuid, World } from './world.ts'

const world = new World()
afterEach(() => world.close())

test('a validator reads from a gateway how real questions went: receipts that hold, failures, and no text', async () => {
  const good = await world.miner({ uid: 1, incentive: 10 })
  const busy = await world.miner({
    uid: 2,
    incentive: 500,
    // biome-ignore lint/correctness/useYield: it never answers
    answer: async function* () {
      throw new AnswerError('too much to do', { code: 'busy', retryAfterMs: 10 })
    },
  })
  const statusPort = await freePort(0, '--status.port')
  const gateway = await world.gateway(() => [good.neuron, busy.neuron], { statusPort })
  const question = 'What is my secret?'
  const body = JSON.stringify({ model: 'medicine', messages: [{ role: 'user', content: question }] })
  const headers = { 'content-type': 'application/json' }
  for (let i = 0; i < 2; i++) {
    expect((await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })).status).toBe(200)
  }

  const page = await fetchTraffic(`http://127.0.0.1:${statusPort}`, -1, new AbortController().signal)
  expect(JSON.stringify(page)).not.toContain('secret')
  const keys = new Map([good, busy].map(({ neuron, key }) => [neuron.hotkey as string, key.publicKey]))
  const served = servedIn(page.entries, { genesis, netuid, publicKeyOf: (hotkey) => keys.get(hotkey) })
  const of = ({ neuron }: typeof good): boolean[] =>
    served.filter(({ hotkey }) => hotkey === neuron.hotkey).map((one) => one.good)
  expect(of(good)).toEqual([true, true])
  expect(of(busy)[0]).toBe(false)
  const last = page.entries.at(-1)!.id
  expect((await fetchTraffic(`http://127.0.0.1:${statusPort}`, last, new AbortController().signal)).entries).toEqual([])
})
