import { boundedText } from '../../base/boundedText.ts'
import { messageOf } from '../../base/errors.ts'
import { joinSignals } from '../../base/joinSignals.ts'
import { parseJson } from '../../base/parse.ts'
import { type TrafficEntry, type TrafficPage, trafficPageSchema } from '../../wire/traffic.ts'
import { verifyReceipt } from '../../wire/verifyReceipt.ts'

/** How app builders' asks went with one miner. */
export interface Served {
  readonly hotkey: string
  /** Answered with a receipt that holds, or not. */
  readonly good: boolean
}

/** What receipts are held against. */
export interface TrafficWorld {
  readonly genesis: string
  readonly netuid: number
  /** The Ed25519 key that a miner has on chain now. */
  readonly publicKeyOf: (hotkey: string) => Uint8Array | undefined
}

const timeoutMs = 2_000
const longestPageBytes = 8 * 1024 * 1024

/**
 * One page of a gateway's traffic.
 *
 * @param url of the gateway's status port, e.g. `http://127.0.0.1:9101`
 * @throws Error where it cannot be read; InputError where it is none
 */
export async function fetchTraffic(url: string, after: number, signal: AbortSignal): Promise<TrafficPage> {
  const address = new URL('/traffic', url)
  address.searchParams.set('after', String(after))
  const ending = joinSignals([signal], timeoutMs)
  let text: string
  try {
    text = await pageText(await fetch(address, { signal: ending.signal }))
  } catch (error) {
    throw new Error(`the gateway's traffic at ${url} cannot be read: ${messageOf(error)}`, { cause: error })
  } finally {
    ending.release()
  }
  return parseJson(trafficPageSchema, text, `${url}/traffic`)
}

async function pageText(response: Response): Promise<string> {
  if (response.ok) return await boundedText(response, longestPageBytes)
  await response.body?.cancel()
  throw new Error(`it answers ${response.status}`)
}

/**
 * What a page says of the miners that are known. An answer counts as good only with a receipt of the miner's own key; what a
 * miner that has changed its key since has signed is left out.
 */
export function servedIn(entries: readonly TrafficEntry[], { genesis, netuid, publicKeyOf }: TrafficWorld): Served[] {
  return entries.flatMap(({ hotkey, outcome, receipt, domain }): Served[] => {
    const publicKey = publicKeyOf(hotkey)
    if (publicKey === undefined) return []
    if (outcome !== 'answered') return [{ hotkey, good: false }]
    if (receipt === undefined) return []
    const fields = { miner: hotkey, genesis, netuid, domain }
    return verifyReceipt(receipt, { publicKey, fields }).ok ? [{ hotkey, good: true }] : []
  })
}
