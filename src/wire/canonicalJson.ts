/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * The one spelling of a JSON value, for hashing: no white space, the keys of an object in the order of their UTF-16
 * code units, numbers and strings as ECMAScript writes them. Keys whose value is `undefined` are left out.
 * Equal to RFC 8785 but for one case, which that document refuses: half a surrogate pair is written as its escape.
 *
 * @throws RangeError for numbers that JSON cannot say (NaN, infinities)
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`canonicalJson: ${value} is not JSON`)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const parts: string[] = []
  for (const key of Object.keys(value).sort()) {
    const inner = value[key]
    if (inner !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(inner)}`)
  }
  return `{${parts.join(',')}}`
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}
