import { messageOf } from '../../base/errors.ts'
import { type ChainPlace, chainAddress, withChain } from '../openChain.ts'
import { freePort } from '../up/freePort.ts'
import { type Check, needed, ok, optional, warning } from './check.ts'

/** Nonces and hellos carry the time; peers refuse what is further off than some seconds. */
const mostSkewMs = 4_000
const patienceMs = 10_000

/** The fixed ports of `faculty up`; miners take the next free ones. */
export async function checkPorts(ports: Readonly<Record<string, number>>): Promise<Check[]> {
  const checks: Check[] = []
  for (const [flag, port] of Object.entries(ports)) {
    const name = `port ${port === 0 ? 'any' : port}`
    try {
      await freePort(port, flag)
      checks.push(ok(name, `free for faculty up ${flag}`))
    } catch {
      // freePort's one failure.
      const mend = `end what listens there, or faculty up ${flag} 0 to take any free one`
      checks.push(needed(name, 'something listens there', mend))
    }
  }
  return checks
}

/** Whether the chain of the flags answers, and how far this machine's clock is from its last block's time. */
export async function checkChain(place: ChainPlace): Promise<Check[]> {
  const { endpoints } = chainAddress(place)
  try {
    // The chain client is slow to load.
    const { readOne } = await import('../../chain/readMany.ts')
    const { asNumber } = await import('../../chain/values.ts')
    return await withChain(place, async (chain) => {
      const { specName, specVersion } = chain.api.runtimeVersion
      const [block, atMs] = await Promise.all([
        readOne(chain, 'System', 'Number', []),
        readOne(chain, 'Timestamp', 'Now', []),
      ])
      const skewMs = Date.now() - asNumber(atMs)
      const found = `${specName.toString()} ${specVersion.toNumber()} at block ${asNumber(block)}`
      return [ok('chain', found), clockCheck('the chain', skewMs, blockMs)]
    })
  } catch (error) {
    const mend = 'start one with faculty localnet, or name another: --subtensor.network, --subtensor.chain_endpoint'
    // Without its own mend, which is this one.
    return [
      optional('chain', error instanceof Error ? error.message : `${endpoints.join(', ')}: ${String(error)}`, mend),
    ]
  }
}

/** A block's time may be this old before the next one comes. */
const blockMs = 12_000

/** How far this machine's clock is from a server's, by its Date header. */
export async function checkClock(url: string): Promise<Check> {
  const startMs = Date.now()
  let date: string | null
  try {
    const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(patienceMs) })
    date = response.headers.get('date')
  } catch (error) {
    const why = error instanceof Error && error.cause !== undefined ? error.cause : error
    return optional('clock', `${url}: ${messageOf(why)}`, 'give an address that answers: --time.url https://…')
  }
  const atMs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(atMs)) return optional('clock', `${url} sends no Date`, 'give another address: --time.url https://…')
  // The header has whole seconds, cut off; the answer was written some time between question and arrival.
  return clockCheck(url, (startMs + Date.now()) / 2 - (atMs + 500), 500)
}

/** @param skewMs of this machine, ahead; @param doubtMs what is not told by the source */
function clockCheck(source: string, skewMs: number, doubtMs: number): Check {
  const seconds = Math.abs(skewMs / 1_000).toFixed(1)
  const found = `${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} ${source}`
  // A chain's last block is in the past; only what is beyond that says something.
  const offMs = skewMs < 0 ? -skewMs : skewMs - doubtMs
  if (offMs <= mostSkewMs) return ok('clock', found)
  return warning(
    'clock',
    found,
    'set it by the network: timedatectl set-ntp true; a dev chain may run on a time of its own',
  )
}
