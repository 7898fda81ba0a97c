/** Longest stretch of mining without a look at the sockets. */
const sliceMs = 20

/**
 * Makes blocks one after the other, and lets everything else have its turn now and then.
 *
 * @param produce makes one
 * @param isOver ends it early, asked after each block
 */
export async function mineBlocks(count: number, produce: () => void, isOver: () => boolean): Promise<void> {
  let pauseMs = performance.now() + sliceMs
  for (let i = 0; i < count; i++) {
    produce()
    if (isOver()) return
    if (performance.now() < pauseMs) continue
    await new Promise((resolve) => setImmediate(resolve))
    if (isOver()) return
    pauseMs = performance.now() + sliceMs
  }
}
