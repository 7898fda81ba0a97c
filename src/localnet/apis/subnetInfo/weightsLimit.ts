/** What every API answers for MaxWeightsLimit: weights are limited no longer, whatever storage says. */
export const weightsLimit = 65_535
