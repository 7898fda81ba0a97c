/** Two ascending lists as one, without doubles. Neither must change meanwhile. */
export function* mergeKeys(first: Iterable<string>, second: Iterable<string>): Iterable<string> {
  const others = second[Symbol.iterator]()
  let other = others.next()
  for (const key of first) {
    for (; other.done !== true && other.value < key; other = others.next()) yield other.value
    if (other.done !== true && other.value === key) other = others.next()
    yield key
  }
  for (; other.done !== true; other = others.next()) yield other.value
}
