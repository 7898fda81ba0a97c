/** Strangers' text must not move the cursor, recolour the screen or type into the shell. */
export function withoutControls(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, '\u{fffd}')
}
