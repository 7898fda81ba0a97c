import { type Fields, type ScaleType, struct, type ValueOf } from '../../scale/types.ts'
import type { SubnetView } from './subnetView.ts'

/** One thing that may be said of a subnet: how it is written and where its value comes from. */
export interface MetagraphField<V = unknown> {
  readonly type: ScaleType<V>
  // A method, so that fields of different types can stand in one table.
  read(view: SubnetView): V
}

export function field<V>(type: ScaleType<V>, read: (view: SubnetView) => V): MetagraphField<V> {
  return { type, read }
}

/** Fields by name, in SCALE order. */
type Table = Readonly<Record<string, MetagraphField>>
type ValuesOf<T extends Table> = { -readonly [N in keyof T]: ValueOf<T[N]['type']> }

/** The struct of these fields. @param path as in `struct` */
export function fieldsStruct<T extends Table>(path: string, table: T): ScaleType<ValuesOf<T>> {
  const types: Fields = Object.fromEntries(Object.entries(table).map(([name, { type }]) => [name, type]))
  return struct(path, types) as never
}

export function readFields<T extends Table>(table: T, view: SubnetView): ValuesOf<T> {
  return Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, entry.read(view)])) as never
}
