// What the main job must show, held against the object that `faculty up --epochs N --json` prints last.
//
//   npm start -- --epochs 3 --json | node test/mainJob.mjs
import { fileURLToPath } from 'node:url'

const limits = { answersPerMiner: 40, firstWeightsMs: 30_000, peakPssBytes: 3 * 2 ** 30 }

/**
 * What is wrong with a run's report; an empty list where nothing is.
 *
 * @param {any} report
 * @param {{ epochs?: number, better?: string, worse?: string, answersPerMiner?: number }} [options] `better` and `worse`:
 *   which grade must win in each domain
 * @returns {string[]}
 */
export function faultsOf(report, options = {}) {
  const { epochs = 3, better = 'expert', worse = 'novice', answersPerMiner = limits.answersPerMiner } = options
  const faults = []
  const need = (holds, text) => {
    if (!holds) faults.push(text)
  }
  const { neurons, emission } = report
  const named = (part) => neurons.filter(({ name }) => name.includes(part))
  const miners = neurons.filter(({ role }) => role === 'miner')
  const [freeloader] = named('freeloader')

  need(report.epochs === epochs, `${report.epochs} epochs counted, expected ${epochs}`)
  for (const { name, answers } of miners) {
    need(answers >= answersPerMiner, `${name} has ${answers} scored answers, needs ${answersPerMiner}`)
  }
  for (const good of named(better)) {
    const [domain] = good.domains
    const bad = named(worse).find(({ domains }) => domains[0] === domain)
    const shown = (a, b) => `${a.name} has incentive ${a.incentive}, ${b.name} ${b.incentive}`
    need(good.incentive > bad.incentive, `${shown(good, bad)}: expected more`)
    need(bad.incentive > freeloader.incentive, `${shown(bad, freeloader)}: expected more`)
  }
  need(named(better).length > 0, `no miner is named ${better}`)

  const perStake = ({ dividends, stakeRao }) => dividends / Number(stakeRao)
  const [idle] = named('idle')
  const queriers = neurons.filter(({ role, name }) => role === 'validator' && !name.includes('idle'))
  need(queriers.length === 2, `${queriers.length} querying validators, expected 2`)
  for (const querier of queriers) {
    const [own, others] = [perStake(querier), perStake(idle)]
    need(own > others, `${querier.name} earns ${own} dividends per rao staked, ${idle.name} ${others}: expected more`)
  }

  const parts = ['paid', 'ownerCut', 'burned', 'recycled', 'pending', 'remainder']
  const sum = parts.reduce((total, part) => total + BigInt(emission[part]), 0n)
  need(BigInt(emission.issued) === sum, `issued ${emission.issued}, and the other six make ${sum}`)
  need(BigInt(emission.issued) > 0n, 'nothing was issued')
  const received = neurons.reduce((total, { emissionRao }) => total + BigInt(emissionRao), 0n)
  need(received > 0n && received <= BigInt(emission.issued), `neurons received ${received} of ${emission.issued}`)

  const { firstWeightsMs, peakPssBytes } = report
  need(
    firstWeightsMs !== null && firstWeightsMs < limits.firstWeightsMs,
    `first weights after ${firstWeightsMs} ms, expected under ${limits.firstWeightsMs}`,
  )
  need(peakPssBytes < limits.peakPssBytes, `${peakPssBytes} bytes of memory, expected under ${limits.peakPssBytes}`)
  return faults
}

async function main() {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  const report = JSON.parse(text.trimEnd().split('\n').at(-1))
  const faults = faultsOf(report)
  for (const fault of faults) console.log(`main job: ${fault}`)
  const { firstWeightsMs, elapsedMs, peakPssBytes, answers } = report
  console.log(`main job: ${JSON.stringify({ firstWeightsMs, elapsedMs, peakPssBytes, answers })}`)
  if (faults.length > 0) process.exit(1)
  console.log('main job: all that it must show holds')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
