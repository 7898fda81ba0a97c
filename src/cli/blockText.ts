/** Number and hash of a block that a localnet made. */
export function blockText(result: unknown): string {
  const { number, hash } = result as { number: number; hash: string }
  return `Block ${number} (${hash}).`
}
