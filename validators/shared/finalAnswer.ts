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
  const final = line.replace(marker, '').replace(/[*`]/g, '').trim()
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
  const match =
    /^(?:[≈~=] ?)?(-|−|\+)?(?:(?:us)?[$€£] ?|(?:usd|eur|gbp) )?(-|−)?((?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,12})?|\.\d{1,12})(?: ?[a-z%€£$/][a-z%€£$/. ]{0,30})?\.?$/i.exec(
      withoutUnit(plainSigns(final), unit),
    )
  if (match === null) return undefined
  const [, sign, innerSign, digits] = match
  if (sign !== undefined && innerSign !== undefined) return undefined
  const value = Number(digits!.replaceAll(',', ''))
  return sign === '-' || sign === '−' || innerSign !== undefined ? -value : value
}

/** Typeset blanks and squares as on a keyboard, without the backslashes that keep markdown from reading `$` as a formula. */
function plainSigns(text: string): string {
  return text
    .replace(/\\(?=[$%])/g, '')
    .replace(/[\u00a0\u2009\u202f]/g, ' ')
    .replace(/\^2|²/g, '2')
    .replaceAll(' per ', '/')
    .trim()
}

/** Case and blanks in the unit do not count. */
function withoutUnit(text: string, unit: string): string {
  const signs = [...unit.replaceAll(' ', '')].map((sign) => sign.replace(/[^a-z0-9]/i, '\\$&'))
  return signs.length === 0 ? text : text.replace(new RegExp(` ?${signs.join(' ?')}\\.?$`, 'i'), '')
}

/**
 * The letter that a final answer gives, alone or with its own option as the question lists it: `B`, `(b)`, `B) naloxone`.
 *
 * @returns one of `letters`, or undefined where it gives none, or more than one option
 */
export function parseLetter(final: string, letters: readonly string[], question: string): string | undefined {
  const said = plainWords(final)
  const lines = question.split('\n').map((line) => ` ${plainWords(line)} `)
  return letters.find((letter, index) => {
    const plain = plainWords(letter)
    if (said === plain) return true
    if (!said.startsWith(`${plain} `)) return false
    // Its option ends where the next begins, on the same line or on another.
    const next = letters[index + 1] === undefined ? undefined : ` ${plainWords(letters[index + 1]!)} `
    if (next === undefined) return lines.some((line) => line.endsWith(` ${said} `))
    return lines.some((line) => line.includes(` ${said}${next}`) || (line === ` ${said} ` && !line.includes(next)))
  })
}
