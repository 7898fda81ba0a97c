/** Number formats of weights and what their graphs' file names end with, as transformers.js has them. */
export const dtypeSuffixes = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const
export type Dtype = keyof typeof dtypeSuffixes
export const dtypes = Object.keys(dtypeSuffixes) as readonly Dtype[]
