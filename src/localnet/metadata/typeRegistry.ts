import type { AnyType, FieldShape, Shape, TypeParameters } from '../scale/types.ts'
import { type FieldEntry, primitiveIndex, type TypeEntry } from './format.ts'

/** Paths that older faces show as the plain integer inside. @see facts: current-generation.md, 1.2 */
function isNewComposite(path: readonly string[]): boolean {
  return path[0] === 'subtensor_runtime_common' || path.at(-1) === 'PerU16'
}

/** The type as Rust would write it, shortened to the last segment of each path. */
function nameOf(type: AnyType): string {
  const { shape } = type
  switch (shape.kind) {
    case 'primitive':
    case 'runtime':
      return shape.name
    case 'compact':
      return `Compact<${nameOf(shape.of)}>`
    case 'sequence':
      return `Vec<${nameOf(shape.of)}>`
    case 'array':
      return `[${nameOf(shape.of)}; ${shape.length}]`
    case 'tuple':
      return `(${shape.of.map(nameOf).join(', ')})`
    case 'composite':
    case 'variant': {
      const known = Object.values(shape.parameters ?? {}).filter((type) => type !== undefined)
      const name = shape.path.at(-1) ?? ''
      return known.length === 0 ? name : `${name}<${known.map(nameOf).join(', ')}>`
    }
  }
}

/**
 * The type table of a metadata blob. Types with equal structure get one entry; ids count up in order of first use,
 * a type before the types inside it.
 */
export class TypeRegistry {
  readonly #composites: boolean
  readonly #runtimeEnum: (name: 'RuntimeCall' | 'RuntimeEvent') => TypeEntry
  readonly #ids = new Map<string, number>()
  readonly #entries: TypeEntry[] = []
  readonly #structures = new WeakMap<Shape, string>()

  /** @param runtimeEnum the entry of the outer call or event enum, asked for once, on first use */
  constructor(composites: boolean, runtimeEnum: (name: 'RuntimeCall' | 'RuntimeEvent') => TypeEntry) {
    this.#composites = composites
    this.#runtimeEnum = runtimeEnum
  }

  /** All entries so far, ascending by id. */
  entries(): { id: number; type: TypeEntry }[] {
    return this.#entries.map((type, id) => ({ id, type }))
  }

  idOf(type: AnyType): number {
    const shape = this.#seen(type)
    return this.define(this.#structureOf(type), () => this.#entryOf(shape))
  }

  /** The id of the entry called `key`; `build` makes it on first use and may refer back to it. */
  define(key: string, build: () => TypeEntry): number {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#entries.length
    this.#ids.set(key, id)
    this.#entries.push({ path: [], params: [], def: { type: 'Tuple', of: [] }, docs: [] })
    this.#entries[id] = build()
    return id
  }

  fieldEntries(fields: readonly FieldShape[]): FieldEntry[] {
    return fields.map(({ name, type, typeName }) => ({
      // Where this face shows an integer, its name is the integer's too.
      name,
      type: this.idOf(type),
      typeName: typeName ?? nameOf({ ...type, shape: this.#seen(type) }),
      docs: [],
    }))
  }

  /** The shape that this face shows. */
  #seen(type: AnyType): Shape {
    const { shape } = type
    const isWrapper = shape.kind === 'composite' && shape.fields.length === 1 && shape.fields[0]!.name === undefined
    const unwraps = !this.#composites && isWrapper && isNewComposite(shape.path)
    return unwraps ? this.#seen(shape.fields[0]!.type) : shape
  }

  #entryOf(shape: Shape): TypeEntry {
    const entry = (def: TypeEntry['def']): TypeEntry => ({ path: [], params: [], def, docs: [] })
    switch (shape.kind) {
      case 'primitive':
        return entry({ type: 'Primitive', index: primitiveIndex[shape.name] })
      case 'compact':
        return entry({ type: 'Compact', of: this.idOf(shape.of) })
      case 'sequence':
        return entry({ type: 'Sequence', of: this.idOf(shape.of) })
      case 'array':
        return entry({ type: 'Array', length: shape.length, of: this.idOf(shape.of) })
      case 'tuple':
        return entry({ type: 'Tuple', of: shape.of.map((type) => this.idOf(type)) })
      case 'composite':
        return {
          ...entry({ type: 'Composite', fields: this.fieldEntries(shape.fields) }),
          path: [...shape.path],
          params: this.#parameters(shape.parameters),
        }
      case 'variant': {
        const variants = shape.variants.map(({ name, index, fields }) => {
          return { name, index, fields: this.fieldEntries(fields), docs: [] }
        })
        return {
          ...entry({ type: 'Variant', variants }),
          path: [...shape.path],
          params: this.#parameters(shape.parameters),
        }
      }
      case 'runtime':
        return this.#runtimeEnum(shape.name)
    }
  }

  #parameters(parameters: TypeParameters = {}): TypeEntry['params'] {
    return Object.entries(parameters).map(([name, type]) => ({
      name,
      type: type === undefined ? undefined : this.idOf(type),
    }))
  }

  /** Equal strings for equal structures. */
  #structureOf(type: AnyType): string {
    const shape = this.#seen(type)
    const known = this.#structures.get(shape)
    if (known !== undefined) return known
    const structure = this.#describe(shape)
    this.#structures.set(shape, structure)
    return structure
  }

  #describe(shape: Shape): string {
    const of = (type: AnyType): string => this.#structureOf(type)
    const fields = (list: readonly FieldShape[]): string =>
      list.map(({ name, type, typeName }) => `${name ?? ''}:${of(type)}/${typeName ?? ''}`).join()
    const parameters = (list: TypeParameters = {}): string =>
      Object.entries(list)
        .map(([name, type]) => `${name}=${type === undefined ? '' : of(type)}`)
        .join()
    switch (shape.kind) {
      case 'primitive':
      case 'runtime':
        return shape.name
      case 'compact':
        return `compact(${of(shape.of)})`
      case 'sequence':
        return `[${of(shape.of)}]`
      case 'array':
        return `[${of(shape.of)};${shape.length}]`
      case 'tuple':
        return `(${shape.of.map(of).join()})`
      case 'composite':
        return `${shape.path.join('::')}<${parameters(shape.parameters)}>{${fields(shape.fields)}}`
      case 'variant': {
        const cases = shape.variants.map(({ name, index, fields: list }) => `${index} ${name}{${fields(list)}}`)
        return `${shape.path.join('::')}<${parameters(shape.parameters)}>|${cases.join('|')}`
      }
    }
  }
}
