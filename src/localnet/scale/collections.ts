import { ScaleError, type ScaleReader } from './io.ts'
import { bytes, type ScaleType, tuple, variant, variantCase, vec, withParameters, wrapper } from './types.ts'

/** `BoundedVec<T, max>`: a longer one is refused in both directions. The value is an array. */
export function boundedVec<T>(of: ScaleType<T>, max: number): ScaleType<T[]> {
  return bounded('bounded_collections::bounded_vec::BoundedVec', vec(of), of, max)
}

/** `BoundedVec<u8, max>` as a Uint8Array. */
export function boundedBytes(of: ScaleType<number>, max: number): ScaleType<Uint8Array> {
  return bounded('bounded_collections::bounded_vec::BoundedVec', bytes, of, max)
}

/** `WeakBoundedVec<T, max>`, whose bound the chain does not enforce when it decodes. */
export function weakBoundedVec<T>(of: ScaleType<T>): ScaleType<T[]> {
  return bounded('bounded_collections::weak_bounded_vec::WeakBoundedVec', vec(of), of, Number.POSITIVE_INFINITY)
}

function bounded<L extends { readonly length: number }>(
  path: string,
  inner: ScaleType<L>,
  of: ScaleType<unknown>,
  max: number,
): ScaleType<L> {
  const check = (list: L): L => {
    if (list.length > max) throw new ScaleError(`${path}: ${list.length} elements, at most ${max} allowed`)
    return list
  }
  return {
    ...withParameters(wrapper(path, inner), { T: of, S: undefined }),
    encode: (value, out) => inner.encode(check(value), out),
    decode: (input: ScaleReader) => check(inner.decode(input)),
  }
}

/** `BTreeMap<K, V>` as a list of pairs, which the caller keeps in ascending order of keys. */
export function bTreeMap<K, V>(key: ScaleType<K>, value: ScaleType<V>): ScaleType<[K, V][]> {
  return withParameters(wrapper('BTreeMap', vec(tuple(key, value) as ScaleType<[K, V]>)), { K: key, V: value })
}

/** `BTreeSet<T>` as a list, which the caller keeps in ascending order. */
export function bTreeSet<T>(of: ScaleType<T>): ScaleType<T[]> {
  return withParameters(wrapper('BTreeSet', vec(of)), { T: of })
}

/** `Result<T, E>` as `{ type: 'Ok', 0: value }` or `{ type: 'Err', 0: error }`. */
export function result<T, E>(ok: ScaleType<T>, error: ScaleType<E>): ScaleType<ResultValue<T, E>> {
  const type = variant('Result', { Ok: variantCase(0, { 0: ok }), Err: variantCase(1, { 0: error }) })
  return withParameters(type as ScaleType<ResultValue<T, E>>, { T: ok, E: error })
}

export type ResultValue<T, E> = { readonly type: 'Ok'; readonly 0: T } | { readonly type: 'Err'; readonly 0: E }
