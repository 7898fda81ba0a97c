import type { Claim, Truth } from 'faculty/defineValidator'

/*
 * Free text scored by what it says. The text is cut into clauses; a claim's phrases are looked for in each, and a
 * negation in the clause turns them round. Nothing is weighed by style or length.
 */

/**
 * 1 where the text makes every required statement, contradicts none of them and makes no forbidden one, else 0.
 *
 * A sentence that asks or hedges (`if`, `or`, `perhaps`) says nothing. Whoever states a claim and its contrary, or two
 * numbers in one place, has contradicted it, so listing all possible answers earns nothing.
 */
export function scoreClaims(truth: Extract<Truth, { kind: 'claims' }>, text: string): 0 | 1 {
  const clauses = clausesOf(text)
  const made = (claim: Claim): boolean => stances(claim, clauses).has('says')
  const right = truth.required.every((claim) => made(claim) && !stances(claim, clauses).has('denies'))
  return right && !truth.forbidden.some(made) ? 1 : 0
}

type Stance = 'says' | 'denies'

/** What the clauses say of a claim; both where they contradict each other. */
function stances(claim: Claim, clauses: readonly string[]): ReadonlySet<Stance> {
  return new Set(clauses.flatMap((clause) => [...saying(claim, clause), ...denying(claim, clause)]))
}

function saying(claim: Claim, clause: string): Stance[] {
  return claim.says.flatMap((phrase) =>
    [...clause.matchAll(compile(phrase))].flatMap(({ 1: number }): Stance[] => {
      const isTrue = number === undefined || claim.value === undefined || isNear(claim, Number(number))
      const negated = isNegated(clause, phrase)
      // `not 5 days` says nothing of the number that is right; `not 7 days`, where 7 is right, denies it.
      if (!isTrue && negated) return []
      return [isTrue !== negated ? 'says' : 'denies']
    }),
  )
}

function denying(claim: Claim, clause: string): Stance[] {
  return claim.denies.flatMap((phrase): Stance[] =>
    compile(phrase).test(clause) && !isNegated(clause, phrase) ? ['denies'] : [],
  )
}

function isNear({ value = 0, tolerance = 0 }: Claim, number: number): boolean {
  return Math.abs(number - value) <= tolerance
}

/** The clause holds a negation that is not the phrase's own. */
function isNegated(clause: string, phrase: string): boolean {
  return (clause.match(negation)?.length ?? 0) !== (phrase.match(negation)?.length ?? 0)
}

function compile(phrase: string): RegExp {
  const words = phrase.split(' ').map((word) => {
    if (word === '*') return '(?:[^ ]+ ){0,3}?'
    return word === '{n}' ? '(-?\\d+(?:\\.\\d+)?) ' : `(?:${word}) `
  })
  return new RegExp(`(?<= )${words.join('')}`, 'g')
}

/** Lower-case clauses of plain words, each between single blanks; sentences that ask or hedge are left out. */
function clausesOf(text: string): string[] {
  return sentencesOf(text)
    .filter((sentence) => !sentence.endsWith('?') && !hedge.test(` ${wordsOf(sentence)} `))
    .flatMap((sentence) => sentence.split(/[,:()]|\s[-–—]\s/))
    .flatMap((part) => wordsOf(part).split(conjunction))
    .filter((clause) => clause !== '')
    .map((clause) => ` ${clause} `)
}

function sentencesOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/−/g, '-')
    .replace(/(?<=\d),(?=\d{3})/g, '')
    .replace(/n't\b/g, ' not')
    .replace(/\bcannot\b/g, 'can not')
    // A negation reaches over the comma after `that`.
    .replace(/\bthat\s*[,:]/g, 'that ')
    .replace(/per ?cent\b|%/g, ' percent ')
  return plain.split(/(?<=[?])|[!;\n]|\.(?!\d)/).map((sentence) => sentence.trim())
}

function wordsOf(part: string): string {
  return part
    .replace(/[^a-z0-9.-]+/g, ' ')
    .replace(/(?<![a-z0-9])-(?!\d)/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
}

const conjunction = / (?:and|but|because|since|as|so|therefore|hence|thus|while|which|although|though) /
const hedge =
  / (?:if|or|either|whether|unless|perhaps|maybe|may be|might|could|possibly|probably|presumably|suppose|assume|assuming|depending|someone|some say) /
const negation =
  /(?<![a-z])(?:not|no|never|neither|nor|without|false|untrue|incorrect|wrong|wrongly|hardly|deny|denies|denied|fails|lacks|unlikely|doubtful)(?![a-z])/g
