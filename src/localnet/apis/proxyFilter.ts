import { type CallRule, type ProxyFilter, proxyFilters } from '../pallets/proxy/filters.ts'
import { type ProxyTypeName, proxyType } from '../pallets/proxy/types.ts'
import { method, type Runtime, type RuntimeApi } from '../runtime.ts'
import {
  bool,
  bytes,
  encode,
  option,
  struct,
  u8,
  u128,
  type ValueOf,
  variant,
  variantCase,
  vec,
} from '../scale/types.ts'

const callCondition = variant('subtensor_runtime_common::CallCondition', {
  ParamLessThan: variantCase(0, { param_name: bytes, limit: u128 }),
  NestedCallMustBe: variantCase(1, { pallet_name: bytes, call_name: bytes }),
})

/** A call, or, without a name, all calls of a pallet. */
const callInfo = struct('subtensor_runtime_common::CallInfo', {
  pallet_name: bytes,
  pallet_index: u8,
  call_name: option(bytes),
  call_index: option(u8),
  condition: option(callCondition),
})

const filterMode = variant('subtensor_runtime_common::FilterMode', {
  AllowAll: variantCase(0, {}),
  DenyAll: variantCase(1, {}),
  Allow: variantCase(2, {}),
  Deny: variantCase(3, {}),
})

const typeInfo = struct('subtensor_runtime_common::ProxyTypeInfo', { name: bytes, index: u8, deprecated: bool })

const filterInfo = struct('subtensor_runtime_common::ProxyFilterInfo', {
  proxy_type: u8,
  name: bytes,
  deprecated: bool,
  filter_mode: filterMode,
  calls: vec(callInfo),
  exceptions: vec(callInfo),
})

const text = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words))

function conditionOf({ below, carries }: CallRule): ValueOf<typeof callCondition> | undefined {
  if (below !== undefined) return { type: 'ParamLessThan', param_name: text(below.argument), limit: below.limit }
  if (carries === undefined) return undefined
  return { type: 'NestedCallMustBe', pallet_name: text(carries.pallet), call_name: text(carries.name) }
}

/** A rule as clients see it; nothing where this chain has no such call. */
function describe({ pallets }: Runtime, rule: CallRule): ValueOf<typeof callInfo>[] {
  const pallet = pallets.find(({ name }) => name === rule.pallet)
  const call = rule.name === undefined ? undefined : pallet?.calls[rule.name]
  if (pallet === undefined || (rule.name !== undefined && call === undefined)) return []
  return [
    {
      pallet_name: text(pallet.name),
      pallet_index: pallet.index,
      call_name: rule.name === undefined ? undefined : text(rule.name),
      call_index: call?.index,
      condition: conditionOf(rule),
    },
  ]
}

interface Named {
  readonly type: ProxyTypeName
  readonly index: number
  readonly filter: ProxyFilter
}

const types: readonly Named[] = Object.entries(proxyFilters).map(([name, filter]) => {
  const type = name as ProxyTypeName
  return { type, index: encode(proxyType, { type })[0]!, filter }
})

/** Types that are there for old entries only, and allow nothing. */
const isDeprecated = ({ filter }: Named): boolean => filter.mode === 'DenyAll'

/**
 * What the types of proxy may do, so that clients need not know it by heart.
 *
 * @see facts: subtensor-chain.md, (b) runtime API changes at 425
 */
export const proxyFilterApi: RuntimeApi = {
  name: 'ProxyFilterRuntimeApi',
  version: 1,
  methods: {
    get_proxy_types: method({}, vec(typeInfo), () =>
      types.map((named) => ({ name: text(named.type), index: named.index, deprecated: isDeprecated(named) })),
    ),
    /** Of one type, or of all. */
    get_proxy_filter: method({ proxy_type: option(u8) }, vec(filterInfo), ({ runtime }, { proxy_type }) =>
      types
        .filter(({ index }) => proxy_type === undefined || index === proxy_type)
        .map((named) => ({
          proxy_type: named.index,
          name: text(named.type),
          deprecated: isDeprecated(named),
          filter_mode: { type: named.filter.mode },
          calls: named.filter.calls.flatMap((rule) => describe(runtime, rule)),
          exceptions: named.filter.exceptions.flatMap((rule) => describe(runtime, rule)),
        })),
    ),
  },
}
