import {
  byteArray,
  bytes,
  compact,
  option,
  type ScaleType,
  str,
  struct,
  tuple,
  u8,
  u32,
  type ValueOf,
  variant,
  variantCase,
  vec,
} from '../scale/types.ts'

// The wire form of metadata V14, V15 and V16. Paths stay empty: these types describe metadata and never stand in it.
// @see paritytech/frame-metadata v14.rs, v15.rs and v16.rs, paritytech/scale-info

const typeId = compact(u32)
const docs = vec(str)

const field = struct('', { name: option(str), type: typeId, typeName: option(str), docs })

const typeDefinition = variant('', {
  Composite: variantCase(0, { fields: vec(field) }),
  Variant: variantCase(1, { variants: vec(struct('', { name: str, fields: vec(field), index: u8, docs })) }),
  Sequence: variantCase(2, { of: typeId }),
  Array: variantCase(3, { length: u32, of: typeId }),
  Tuple: variantCase(4, { of: vec(typeId) }),
  Primitive: variantCase(5, { index: u8 }),
  Compact: variantCase(6, { of: typeId }),
})

const typeEntry = struct('', {
  path: vec(str),
  params: vec(struct('', { name: str, type: option(typeId) })),
  def: typeDefinition,
  docs,
})

export type FieldEntry = ValueOf<typeof field>
export type TypeEntry = ValueOf<typeof typeEntry>

const lookup = vec(struct('', { id: typeId, type: typeEntry }))

const storageFields = {
  name: str,
  modifier: u8,
  type: variant('', {
    Plain: variantCase(0, { value: typeId }),
    Map: variantCase(1, { hashers: vec(u8), key: typeId, value: typeId }),
  }),
  fallback: bytes,
  docs,
}

const constantFields = { name: str, type: typeId, value: bytes, docs }

const palletFields = {
  name: str,
  storage: option(struct('', { prefix: str, items: vec(struct('', storageFields)) })),
  calls: option(typeId),
  events: option(typeId),
  constants: vec(struct('', constantFields)),
  errors: option(typeId),
  index: u8,
}

const palletV15 = struct('', { ...palletFields, docs })

export type PalletEntry = ValueOf<typeof palletV15>

const signedExtension = struct('', { identifier: str, type: typeId, implicit: typeId })

const methodFields = { name: str, inputs: vec(struct('', { name: str, type: typeId })), output: typeId, docs }

const outerEnums = struct('', { call: typeId, event: typeId, error: typeId })

const custom = vec(struct('', { name: str, type: typeId, value: bytes }))

export const metadataV14 = struct('', {
  lookup,
  // A V14 pallet has no docs; the values carry an empty list that is not written.
  pallets: vec(struct('', palletFields) as ScaleType<Omit<PalletEntry, 'docs'>>),
  extrinsic: struct('', { type: typeId, version: u8, extensions: vec(signedExtension) }),
  runtime: typeId,
})

export const metadataV15 = struct('', {
  lookup,
  pallets: vec(palletV15),
  extrinsic: struct('', {
    version: u8,
    address: typeId,
    call: typeId,
    signature: typeId,
    extra: typeId,
    extensions: vec(signedExtension),
  }),
  runtime: typeId,
  apis: vec(struct('', { name: str, methods: vec(struct('', methodFields)), docs })),
  outerEnums,
  custom,
})

/** Whether clients should still use an item. */
const deprecation = variant('', {
  NotDeprecated: variantCase(0, {}),
  DeprecatedWithoutNote: variantCase(1, {}),
  Deprecated: variantCase(2, { note: str, since: option(str) }),
})

/** An enum of a pallet, and which of its cases are deprecated: none of ours. */
const palletEnum = option(struct('', { type: typeId, deprecatedCases: vec(u8) }))

export const metadataV16 = struct('', {
  lookup,
  pallets: vec(
    struct('', {
      name: str,
      storage: option(struct('', { prefix: str, items: vec(struct('', { ...storageFields, deprecation })) })),
      calls: palletEnum,
      events: palletEnum,
      constants: vec(struct('', { ...constantFields, deprecation })),
      errors: palletEnum,
      associatedTypes: vec(struct('', { name: str, type: typeId, docs })),
      viewFunctions: vec(struct('', { id: byteArray(32), ...methodFields, deprecation })),
      index: u8,
      docs,
      deprecation,
    }),
  ),
  extrinsic: struct('', {
    versions: vec(u8),
    address: typeId,
    call: typeId,
    signature: typeId,
    /** Which extensions, by their place in the list that follows, an extrinsic of which extension version carries. */
    extensionsByVersion: vec(tuple(u8, vec(typeId))),
    extensions: vec(signedExtension),
  }),
  apis: vec(
    struct('', {
      name: str,
      methods: vec(struct('', { ...methodFields, deprecation })),
      docs,
      version: compact(u32),
      deprecation,
    }),
  ),
  outerEnums,
  custom,
})

/** `meta` in little-endian ASCII; every blob starts with it. */
export const metadataMagic = 0x6174656d

/** Codes of the primitives in scale-info. */
export const primitiveIndex = {
  bool: 0,
  str: 2,
  u8: 3,
  u16: 4,
  u32: 5,
  u64: 6,
  u128: 7,
  i16: 10,
  i32: 11,
  i64: 12,
  i128: 13,
} as const

/** Codes of the hashers in storage entries. */
export const hasherIndex = { Blake2_128Concat: 2, Twox64Concat: 5, Identity: 6 } as const

export const modifierIndex = { Optional: 0, Default: 1 } as const
