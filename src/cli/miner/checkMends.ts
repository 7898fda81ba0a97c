import { DendriteError } from '../../dendrite/dendriteError.ts'
import type { WireErrorCode } from '../../wire/wireError.ts'

/** What to do where no TCP connection came about, by the system's error. */
const tcpMends: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'nothing listens there: is the miner running? Behind NAT: does the router map --axon.external_port to --axon.port?',
  ETIMEDOUT: 'a firewall drops it, or the address is wrong: open the port for TCP, and behind NAT map it on the router',
  EHOSTUNREACH: 'no way leads to this address: check --axon.external_ip',
  ENETUNREACH: 'no way leads to this address from here (is it IPv6 on a machine without?): check --axon.external_ip',
  ECONNRESET: 'something on the way cuts the connection: a firewall, a proxy, or another program at this port',
}

/** What to do where the axon refused, by its reason. */
const refusalMends: Partial<Readonly<Record<WireErrorCode, string>>> = {
  'wrong-axon': 'the miner at this address runs under another hotkey: check --wallet.hotkey there',
  'wrong-network':
    'the miner at this address serves another chain or subnet: check --netuid and --subtensor.network there',
  'stale-hello': 'the clocks differ by too much: set both by NTP',
  'unknown-hotkey': "the caller's hotkey is not registered on the subnet",
  'low-stake': "the caller's hotkey has too little stake for this miner",
  denied: "the miner's owner has denied this caller",
  draining: 'the miner is being stopped: try again when it is back',
  busy: 'the miner has no free place now: try again, or let it answer more at a time',
  failed: "the miner failed to answer: its log has the cause, under this ask's requestId",
  deadline: 'the model is too slow for this deadline: see faculty_miner_first_text_seconds in /metrics',
}

export function mendOfTcp(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return tcpMends[code]
}

/** For what happens once a TCP connection stands. */
export function mendOfHello(error: unknown): string | undefined {
  if (!(error instanceof DendriteError)) return undefined
  const { failure } = error
  switch (failure.code) {
    case 'wrong-key':
      return 'another program, or a miner with another axon key, is at this address: start the miner with the wallet whose axons folder holds the published key, and it announces its key anew'
    case 'unreachable':
      return 'what listens there is no axon of this protocol, but another program or a proxy: check the port and its mapping'
    case 'refused':
    case 'unanswered':
      return refusalMends[failure.reason]
    case 'timeout':
      return refusalMends.deadline
    default:
      return undefined
  }
}
