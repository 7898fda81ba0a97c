import { type Methods, method } from './method.ts'

/** Which chain this is. */
export const chainSpecMethods: Methods = {
  chainSpec_v1_chainName: method([], ({ node }) => node.identity.chain),
  chainSpec_v1_genesisHash: method([], ({ node }) => node.genesisHash),
  chainSpec_v1_properties: method([], ({ node }) => node.identity.properties),
}
