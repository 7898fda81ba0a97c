const longestAnswer = 20_000
const longestFinal = 80
const longestText = 800

/**
 * What an answer declares: the text of its last line of the form `Answer: …`, trimmed, markdown emphasis taken off.
 * Text outside that line never counts, so working through every option earns nothing.
 *
 * @returns undefined where no such line exists, or it or the whole answer is too long to be honest
 */
export function finalAnswer(answer: string): string | undefined {
  if (answer.length > longestAnswer) return undefined
  const line = answer
    .split(/\r?\n/)
    .filter((text) => marker.test(text))
    .at(-1)
  if (line === undefined) return undefined
  const final = line.replace(marker, '').replaceAll('*', '').trim()
  return final === '' || final.length > longestFinal ? undefined : final
}

/**
 * What an answer in sentences declares: the text from its last line of the form `Answer: …` to the end.
 *
 * @returns undefined where no such line exists, or it or the whole answer is too long to be honest
 */
export function finalText(answer: string): string | undefined {
  if (answer.length > longestAnswer) return undefined
  const lines = answer.split(/\r?\n/)
  const last = lines.findLastIndex((line) => marker.test(line))
  if (last < 0) return undefined
  const text = lines.slice(last).join('\n').replace(marker, '').trim()
  return text === '' || text.length > longestText ? undefined : text
}

const marker = /^[\s*#>-]{0,8}answer[\s*]{0,4}:/i

/** Lower case, every run of other characters than ASCII letters and digits one space: `Not hearsay.` → `not hearsay`. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/**
 * The one number that a final answer states: sign, thousands commas, a currency sign or code before it, and a unit
 * after it are read over. Exponents, fractions, several numbers and non-ASCII digits are not numbers here.
 *
 * @param unit the task's unit, allowed after the number although it may hold digits, e.g. `mL/min/1.73m2`
 */
export function parseNumber(final: string, unit: string): number | undefined {
  const bare = final.endsWith(unit) && unit !== '' ? final.slice(0, -unit.length) : final
  const match =
    /^(-|−|\+)?(?:[$€£]|(?:usd|eur|gbp) )?(-|−)?((?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,12})?|\.\d{1,12})(?: ?(?:%|[a-z€£$][a-z/€£$ ]{0,30}))?\.?$/i.exec(
      bare.trim(),
    )
  if (match === null) return undefined
  const [, sign, innerSign, digits] = match
  if (sign !== undefined && innerSign !== undefined) return undefined
  const value = Number(digits!.replaceAll(',', ''))
  return sign === '-' || sign === '−' || innerSign !== undefined ? -value : value
}
