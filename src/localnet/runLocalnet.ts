import { type LocalnetOptions, startLocalnet } from './startLocalnet.ts'

export interface RunLocalnetIo {
  /** One line to standard output. */
  readonly print: (line: string) => void
  /** Ends the run. */
  readonly stop: AbortSignal
}

/**
 * The localnet as a program: starts it, says so, and stays until told to stop. Prints a line with `Imported #1` after
 * block 1, by which test harnesses of the real node know that it is ready.
 *
 * @see facts: sdk-e2e-needs.md, how the fixture starts a node
 */
export async function runLocalnet(options: LocalnetOptions, { print, stop }: RunLocalnetIo): Promise<void> {
  const { endpoint, node, close } = await startLocalnet(options)
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
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve()
    stop.addEventListener('abort', () => resolve(), { once: true })
  })
  await close()
}
