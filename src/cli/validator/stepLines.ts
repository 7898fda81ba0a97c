/** Steps as aligned lines: what it is, its figure, a plain sentence. */
export function stepLines(steps: readonly (readonly [name: string, figure: string, sentence: string])[]): string {
  const widths = [0, 1].map((column) => Math.max(0, ...steps.map((step) => step[column]!.length)))
  return steps
    .map(([name, figure, sentence]) => `  ${name.padEnd(widths[0]!)}  ${figure.padStart(widths[1]!)}  ${sentence}`)
    .join('\n')
}
