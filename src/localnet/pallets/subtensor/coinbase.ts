import { i96f32, u96f32 } from '../../../fixed/fixedFormat.ts'
import { accrueAlpha } from '../../../yuma/accrueAlpha.ts'
import { blockEmission } from '../../../yuma/blockEmission.ts'
import { movingPrice } from '../../../yuma/movingPrice.ts'
import { rootProportion } from '../../../yuma/rootProportion.ts'
import { subnetEmissions } from '../../../yuma/subnetEmissions.ts'
import { subnetTerms } from '../../../yuma/subnetTerms.ts'
import type { BlockContext } from '../../pallet.ts'
import type { State } from '../../state.ts'
import { buyForProtocol, injectLiquidity, spotPrice } from '../swap.ts'
import { recycleAlpha } from './distribute.ts'
import { movingPriceOf } from './movingPriceOf.ts'
import { storage } from './storage.ts'
import { taoFlowEmissions } from './taoFlow.ts'

/**
 * What a block's emission does before any epoch runs: TAO goes into the pools, alpha accrues to owner, miners,
 * validators and root.
 *
 * @see facts: emission.md, 3 to 5
 */

/** Subnets that take part in emission, by netuid. */
export function emittingSubnets(state: State): number[] {
  const netuids: number[] = []
  for (const [[netuid], added] of state.entries(storage.NetworksAdded)) {
    if (!added || netuid === 0) continue
    const started = state.get(storage.FirstEmissionBlockNumber, netuid) !== undefined
    if (
      started &&
      state.get(storage.SubtokenEnabled, netuid) &&
      state.get(storage.NetworkRegistrationAllowed, netuid)
    ) {
      netuids.push(netuid)
    }
  }
  return netuids
}

const alphaIssuance = (state: State, netuid: number): bigint =>
  state.get(storage.SubnetAlphaIn, netuid) + state.get(storage.SubnetAlphaOut, netuid)

/** Share of root TAO against a subnet's alpha, U96F32. */
function rootProportionOf(state: State, netuid: number): bigint {
  return rootProportion({
    rootTao: state.get(storage.SubnetTAO, 0),
    taoWeight: state.get(storage.TaoWeight),
    alphaIssuance: alphaIssuance(state, netuid),
  })
}

/**
 * Injects TAO and alpha into the pools and issues this block's alpha.
 *
 * @param emission TAO rao of this block
 * @returns TAO rao that was really used; the caller takes the rest out of the issuance again
 */
export function emitToSubnets(context: BlockContext, netuids: readonly number[], emission: bigint): bigint {
  const { state } = context
  if (netuids.length === 0) return 0n
  const tao = taoShares(context, netuids, emission)
  // All terms are computed before any pool changes.
  const terms = netuids.map((netuid, i) => ({
    netuid,
    alphaOut: blockEmission(alphaIssuance(state, netuid)),
    ...subnetTerms({
      taoEmission: tao[i]!,
      price: spotPrice(state, netuid) >> 32n,
      ...alphaCap(state, netuid, emission),
    }),
  }))
  let used = 0n
  for (const { netuid, taoIn, alphaIn, excess, alphaOut } of terms) {
    const injected = { tao: taoIn >> 32n, alpha: alphaIn >> 32n }
    const excessTao = excess >> 32n
    const taken = injectLiquidity(context, netuid, injected)
    used += taken.tao
    if (excessTao > 0n) used += buyForProtocol(context, netuid, excessTao)
    state.set(storage.SubnetTaoInEmission, [netuid], taken.tao)
    state.set(storage.SubnetAlphaInEmission, [netuid], taken.alpha)
    state.set(storage.SubnetExcessTao, [netuid], excessTao)
    state.set(storage.SubnetAlphaOutEmission, [netuid], alphaOut)
    state.update(storage.SubnetAlphaOut, [netuid], (out) => out + alphaOut)
  }
  return used
}

function taoShares(context: BlockContext, netuids: readonly number[], emission: bigint): bigint[] {
  const { state } = context
  if (state.face.rules.emission === 'taoFlow') return taoFlowEmissions(context, netuids, emission)
  return subnetEmissions(
    netuids.map((netuid) => ({
      movingPrice: movingPriceOf(state, netuid),
      minerBurned: state.get(storage.MinerBurned, netuid),
      enabled: state.get(storage.SubnetEmissionEnabled, netuid),
    })),
    emission,
  )
}

/** What bounds the alpha that enters a pool: a part of the subnet's alpha emission, or all of it up to the TAO's. */
function alphaCap(
  state: State,
  netuid: number,
  taoEmission: bigint,
): { readonly rootProportion: bigint; readonly alphaEmission: bigint } {
  const alphaEmission = blockEmission(alphaIssuance(state, netuid))
  if (state.face.rules.emission === 'price') return { rootProportion: rootProportionOf(state, netuid), alphaEmission }
  return { rootProportion: u96f32.one, alphaEmission: alphaEmission < taoEmission ? alphaEmission : taoEmission }
}

/** Books the alpha that was issued in this block to those it will be paid to at the epoch. */
export function accrue(context: BlockContext, netuids: readonly number[]): void {
  const { state, record } = context
  const priceSum = netuids.reduce((sum, netuid) => sum + movingPriceOf(state, netuid), 0n)
  const rootEarns = priceSum > i96f32.one
  for (const netuid of netuids) {
    const issued = state.get(storage.SubnetAlphaOutEmission, netuid)
    const parts = accrueAlpha({
      alphaOut: issued << 32n,
      ownerCut: state.get(storage.OwnerCutEnabled, netuid) ? state.get(storage.SubnetOwnerCut) : null,
      rootProportion: rootProportionOf(state, netuid),
    })
    state.update(storage.PendingOwnerCut, [netuid], (sum) => sum + parts.ownerCut)
    state.update(storage.PendingServerEmission, [netuid], (sum) => sum + parts.server)
    state.update(storage.PendingValidatorEmission, [netuid], (sum) => sum + parts.validator)
    if (rootEarns) state.update(storage.PendingRootAlphaDivs, [netuid], (sum) => sum + parts.root)
    else recycleAlpha(state, netuid, parts.root)
    record?.({ netuid, kind: 'issued', amount: issued })
    if (!rootEarns) record?.({ netuid, kind: 'recycled', amount: parts.root })
    const booked = parts.ownerCut + parts.server + parts.validator + parts.root
    record?.({ netuid, kind: 'remainder', amount: issued - booked })
  }
}

/** Moves the price averages and refreshes the stored root proportions, after this block has used the old ones. */
export function updateAverages(context: BlockContext, netuids: readonly number[]): void {
  const { state, block } = context
  for (const netuid of netuids) {
    const first = state.get(storage.FirstEmissionBlockNumber, netuid) ?? 0n
    const start = first === 0n ? 0n : first - 1n
    const moved = movingPrice({
      old: state.get(storage.SubnetMovingPrice, netuid),
      price: spotPrice(state, netuid),
      movingAlpha: state.get(storage.SubnetMovingAlpha),
      blocksSinceStart: BigInt(block) > start ? BigInt(block) - start : 0n,
      halvingBlocks: state.get(storage.EMAPriceHalvingBlocks, netuid),
    })
    state.set(storage.SubnetMovingPrice, [netuid], moved)
    state.set(storage.RootProp, [netuid], rootProportionOf(state, netuid))
  }
}
