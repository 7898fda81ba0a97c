/** The whole text of a reply from a stranger. @throws Error where it is longer than `longestBytes` */
export async function boundedText({ body }: Response, longestBytes: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    if (bytes > longestBytes) throw new Error(`it sends more than ${longestBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}
