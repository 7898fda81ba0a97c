const longestAnswer = 60_000
const marker = /^[\s*#>-]{0,8}answer[\s*]{0,4}:/i

/**
 * What an answer declares: its last line of the form `Answer: …`, emphasis taken off. Text outside that line never
 * counts, so naming every option on the way earns nothing.
 *
 * @returns undefined where there is no such line, or nothing on it
 */
export function declaredAnswer(text: string): string | undefined {
  if (text.length > longestAnswer) return undefined
  const line = text.split(/\r?\n/).findLast((one) => marker.test(one))
  const declared = line?.replace(marker, '').replaceAll('**', '').trim()
  return declared === '' ? undefined : declared
}

/** As LegalBench compares: lower case, without ASCII punctuation, blanks one by one. */
export function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
