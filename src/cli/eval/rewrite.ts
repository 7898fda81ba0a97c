/*
 * Questions that mean what they meant and look like none that was trained on.
 */

/** Decimals and amounts with two digits more than before: `5.3` as `5.300`, `12,000` as `12,000.00`. */
export function longerNumbers(question: string): string {
  return question
    .replaceAll(/(?<![\w.,])((?:\d{1,3}(?:,\d{3})+|\d+)\.\d+)(?![\d.,]*\d|[A-Za-z])/g, '$100')
    .replaceAll(/(?<![\w.,])(\d{1,3}(?:,\d{3})+)(?!\.?\d|,\d)/g, '$1.00')
}

/** What the task families write → what none of them writes. */
export const synonyms: Readonly<Record<string, string>> = {
  calculate: 'establish',
  compute: 'establish',
  find: 'obtain',
  'work out': 'figure out',
  patient: 'inpatient',
  serum: 'venous',
  minute: 'sixty seconds',
  weight: 'heaviness',
  systolic: 'peak arterial',
  bilirubin: 'bile pigment',
  coupon: 'contractual payout',
  volatility: 'sigma',
  price: 'quotation',
  equity: 'shareholder funds',
  yearly: 'per annum',
  revenue: 'sales proceeds',
  suit: 'lawsuit',
  court: 'bench',
  contract: 'covenant',
  statute: 'enactment',
  deadline: 'cut-off',
  spouse: 'marriage partner',
}
const known = new RegExp(`(?<![A-Za-z])(${Object.keys(synonyms).join('|')})(?![A-Za-z])`, 'gi')

/** The question with every word of `synonyms` exchanged; a capital at its beginning stays. */
export function otherWords(question: string): string {
  return question.replaceAll(known, (word) => {
    const other = synonyms[word.toLowerCase()]!
    return /^[A-Z]/.test(word) ? other.charAt(0).toUpperCase() + other.slice(1) : other
  })
}
