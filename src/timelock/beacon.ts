/** What a reader must know of a drand beacon. On chain it stands in the Drand pallet's `BeaconConfig`. */
export interface Beacon {
  /** Compressed point of G2, 96 bytes. */
  readonly publicKey: Uint8Array
  /** Second since 1970 at which round 1 is due. */
  readonly genesisTimeS: number
  readonly periodS: number
}

/** Identifier of the only scheme here: signatures in G1, key in G2, each round signed on its own. */
export const schemeId = 'bls-unchained-g1-rfc9380'

/** The League of Entropy's beacon that mainnet follows. @see facts: commit-reveal.md, 4.2 */
export const quicknet: Beacon & { readonly chainHash: string; readonly groupHash: string; readonly beaconId: string } =
  {
    publicKey: bytesOf(
      '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451' +
        '0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
    ),
    genesisTimeS: 1_692_803_367,
    periodS: 3,
    chainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
    groupHash: 'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e',
    beaconId: 'quicknet',
  }

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
