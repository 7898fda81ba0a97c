import { z } from 'zod'

const u16 = z.number().int('give a whole number').min(0, 'give 0 to 65535').max(65_535, 'give 0 to 65535')
const blocks = z.number().int('give whole blocks').min(1, 'give 1 or more')

/**
 * The settings of a subnet that decide who earns what. Defaults: those of a new subnet, see facts: yuma-consensus.md, 3;
 * emission.md, 8.
 */
export const subnetRules = z.strictObject({
  tempoBlocks: blocks.max(50_400).default(360),
  kappa: u16.default(32_767),
  bondsPenalty: u16.default(65_535),
  /** Parts per million. */
  bondsMovingAverage: z.number().int().min(0).max(1_000_000).default(900_000),
  yuma3: z.boolean().default(true),
  liquidAlpha: z.boolean().default(false),
  alphaLow: u16.default(45_875),
  alphaHigh: u16.default(58_982),
  /** Hundredths. */
  alphaSigmoidSteepness: z.number().int().min(-32_768).max(32_767).default(1_000),
  /** Epochs from a commit of weights to its reveal; 0: weights are set openly. */
  revealEpochs: z.number().int('give whole epochs').min(0).max(100).default(1),
  immunityBlocks: z.number().int().min(0).default(5_000),
  maxNeurons: u16.min(1).default(256),
  /** So many neurons past their immunity are kept. */
  minNonImmune: z.number().int().min(0).default(10),
  maxValidators: u16.min(1).default(64),
  minAllowedWeights: u16.default(1),
  /** What a TAO of root stake counts beside one alpha. */
  taoWeight: z.number().min(0).max(1).default(0.18),
})

export type SubnetRules = z.output<typeof subnetRules>

export const newSubnet: SubnetRules = subnetRules.parse({})
