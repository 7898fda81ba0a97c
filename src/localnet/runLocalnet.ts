import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { InputError } from '../base/errors.ts'
import { untilAborted } from '../base/sleep.ts'
import { type Localnet, type LocalnetOptions, startLocalnet } from './startLocalnet.ts'

export interface RunLocalnetIo {
  /** One line to standard output. */
  readonly print: (line: string) => void
  /** Ends the run. */
  readonly stop: AbortSignal
  /** Print a single line, one JSON object, as soon as the chain answers. */
  readonly json?: boolean
}

/**
 * The localnet as a program: starts it, says so, and stays until told to stop. Prints a line with `Imported #1` after
 * block 1, by which test harnesses of the real node know that it is ready.
 *
 * @throws InputError for an unusable option, a port that is taken among them
 * @see facts: sdk-e2e-needs.md, how the fixture starts a node
 */
export async function runLocalnet(options: LocalnetOptions, { print, stop, json }: RunLocalnetIo): Promise<void> {
  const localnet = await start(options)
  if (json === true) print(JSON.stringify(summaryOf(localnet)))
  else printBanner(localnet, print)
  await untilAborted(stop)
  await localnet.close()
}

function summaryOf({ endpoint, node }: Localnet): unknown {
  const { specName, specVersion } = node.runtime.version
  return { endpoint, specName, specVersion, genesisHash: node.genesisHash, chain: node.identity.chain }
}

function printBanner({ endpoint, node }: Localnet, print: RunLocalnetIo['print']): void {
  const { specName, specVersion } = node.runtime.version
  const { build, interval } = node.info()
  print(
    `${node.identity.name} ${node.identity.version}: ${specName} ${specVersion}, ${build} build, block interval ${interval}`,
  )
  print(`Genesis ${node.genesisHash}`)
  print(`Listening on ${endpoint}`)
  const stopPrinting = node.onBlock(({ block }) => {
    stopPrinting()
    print(`Imported #${block.header.number} (${block.hash})`)
  })
}

const listenMends: Readonly<Record<string, readonly ['port' | 'host', string]>> = {
  EADDRINUSE: ['port', 'another program listens there already: stop it, or give another --port'],
  EACCES: ['port', 'this system lets only the superuser listen there: give a --port above 1023'],
  EADDRNOTAVAIL: ['host', 'no network interface of this machine has that address: give 127.0.0.1 or 0.0.0.0'],
  ENOTFOUND: ['host', 'that name has no address: give 127.0.0.1 or 0.0.0.0'],
}

async function start(options: LocalnetOptions): Promise<Localnet> {
  try {
    return await startLocalnet({ shieldKem: ml_kem768, ...options })
  } catch (error) {
    const known = listenMends[(error as NodeJS.ErrnoException).code ?? '']
    if (known === undefined) throw error
    const [field, mend] = known
    throw new InputError(field, options[field], mend, { cause: error })
  }
}
