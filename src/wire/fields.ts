import { z } from 'zod'

// Fields that several messages and the receipt share. None can hold a line feed, so that the signed texts of `hello.ts`
// and `receipt.ts`, which put one field on each line, have exactly one reading.

export const patterns = {
  address: /^5[1-9A-HJ-NP-Za-km-z]{46,48}$/,
  hash: /^[0-9a-f]{64}$/,
  signature: /^[0-9a-f]{128}$/,
  genesis: /^0x[0-9a-f]{64}$/,
  id: /^[A-Za-z0-9._:-]{1,64}$/,
  domain: /^[a-z][a-z0-9-]{0,31}$/,
} as const

/** SS58 address under prefix 42; whether the checksum holds is for the room that decodes it. */
export const addressField = z.string().regex(patterns.address, 'give an SS58 address that begins with 5')

/** 32 bytes as 64 lower-case hex digits. */
export const hashField = z.string().regex(patterns.hash, 'give 64 lower-case hex digits')

/** 64 bytes as 128 lower-case hex digits. */
export const signatureField = z.string().regex(patterns.signature, 'give 128 lower-case hex digits')

/** Hash of the chain's block 0, which tells networks apart: `0x` and 64 lower-case hex digits. */
export const genesisField = z.string().regex(patterns.genesis, 'give 0x and 64 lower-case hex digits')

export const netuidField = z.int().min(0).max(65_535)

/** Drawn by the caller; unique among its asks in flight. */
export const idField = z.string().regex(patterns.id, 'give 1 to 64 of letters, digits and . _ : -')

export const domainField = z.string().regex(patterns.domain, 'give a lower-case domain name')

export const tokenCountField = z.int().min(0).max(0xffff_ffff)

export const timestampField = z.int().min(0)
