import { toHex } from '../../keys/hex.ts'
import { chainIpOfHost } from '../../wire/axonAddress.ts'
import type { Miner } from '../miners.ts'
import type { Pair } from '../scoring/clusters.ts'

/** Nats from which on two miners are looked at together. */
const suspected = 2

/**
 * What each miner may share with others, as marks that are equal where they share it: its network (an IPv4 /24, an IPv6
 * /48), its certificate, and the pairs that seem to answer from one source.
 */
export function kinOf(miners: readonly Miner[], pairs: Iterable<Pair>): Map<string, readonly string[]> {
  const marks = new Map(miners.map(({ hotkey, target }) => [hotkey, 'problem' in target ? [] : placeMarks(target)]))
  for (const { a, b, evidence } of pairs) {
    if (evidence < suspected) continue
    for (const hotkey of [a, b]) marks.get(hotkey)?.push(`pair ${a} ${b}`)
  }
  return marks
}

function placeMarks({ host, publicKey }: { readonly host: string; readonly publicKey: Uint8Array }): string[] {
  const { ip, ipType } = chainIpOfHost(host)
  return [`network ${ipType} ${ip >> (ipType === 4 ? 8n : 80n)}`, `certificate ${toHex(publicKey)}`]
}
