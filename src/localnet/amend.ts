import type { Face, Layout, PalletNames, PalletRows, Shift } from './face.ts'
import { type CallDefinition, type DispatchErrorValue, DispatchFailure, type Pallet } from './pallet.ts'
import type { RuntimeApi } from './runtime.ts'

/** A pallet as a release shows it: later rows left out, the release's own put in, its indices in their places. */
export function amendPallet(pallet: Pallet, layout: Layout, errorIndex: ErrorIndex): Pallet {
  const later: PalletNames = layout.later[pallet.name] ?? {}
  const own: PalletRows = layout.own[pallet.name] ?? {}
  const shifts = layout.eventShifts[pallet.name]
  const shiftedEvents = mapValues(without(pallet.events, later.events), (event) => ({
    ...event,
    index: shifted(event.index, shifts),
  }))
  const calls: Readonly<Record<string, CallDefinition>> = { ...without(pallet.calls, later.calls), ...own.calls }
  return {
    ...pallet,
    storage: { ...without(pallet.storage, later.storage), ...own.storage },
    calls: mapValues(calls, (definition) => withErrors(definition, errorIndex)),
    events: { ...shiftedEvents, ...own.events },
    constants: without(pallet.constants, later.constants),
  }
}

/**
 * A pallet with every error of the release, raised by us or not: some clients count places instead of reading indices.
 *
 * @throws Error where the pallet declares one that the release has elsewhere or not at all
 */
export function withAllErrors(pallet: Pallet, { errorNames, layout }: Face): Pallet {
  const names = errorNames[pallet.name]
  if (names === undefined) return pallet
  const errors = Object.fromEntries(names.map((name, index) => [name, index]))
  for (const [name, index] of Object.entries(pallet.errors)) {
    if (layout === undefined && errors[name] !== index) throw new Error(`${pallet.name}: no error ${name} at ${index}`)
  }
  return { ...pallet, errors }
}

/** Index of an error in the release, by `Pallet.Name`; `undefined` for one that it does not have. */
export type ErrorIndex = (name: string) => number | undefined

/** Pallets raise errors with the indices that they declare; what leaves a call has the release's. */
function withErrors(definition: CallDefinition, errorIndex: ErrorIndex): CallDefinition {
  return {
    ...definition,
    run(context, args) {
      try {
        definition.run(context, args)
      } catch (error) {
        throw error instanceof DispatchFailure ? renumbered(error, errorIndex) : error
      }
    },
  }
}

/**
 * The same failure with the release's index. It goes by the error's name, so a failure may pass through several calls.
 */
export function renumbered(failure: DispatchFailure, errorIndex: ErrorIndex): DispatchFailure {
  const { error } = failure.failure
  if (error.type !== 'Module') return failure
  const index = errorIndex(failure.message)
  if (index === undefined) return new DispatchFailure(failure.message, { type: 'Other' })
  const known = error[0].error
  if (known[0] === index) return failure
  return new DispatchFailure(failure.message, {
    type: 'Module',
    0: { index: error[0].index, error: Uint8Array.of(index, ...known.slice(1)) },
  })
}

/** The error of a failure that has not left its call yet, with the release's index. */
export function releaseError(failure: DispatchFailure, { errorNames }: Face): DispatchErrorValue {
  const [pallet = '', name = ''] = failure.message.split('.')
  const place = errorNames[pallet]?.indexOf(name) ?? -1
  return renumbered(failure, () => (place < 0 ? undefined : place)).failure.error
}

/** Runtime APIs as a release shows them. */
export function amendApis(apis: readonly RuntimeApi[], { laterApis, apiVersions }: Layout): RuntimeApi[] {
  return apis
    .filter(({ name }) => !laterApis.includes(name))
    .map(({ name, version, methods }) => ({
      name,
      version: apiVersions[name] ?? version,
      methods: Object.fromEntries(
        Object.entries(methods).filter(([method]) => !laterApis.includes(`${name}_${method}`)),
      ),
    }))
}

function shifted(index: number, shifts: readonly Shift[] = []): number {
  const shift = shifts.find(([first, last]) => index >= first && index <= last)
  return shift === undefined ? index : index + shift[2]
}

function without<V>(rows: Readonly<Record<string, V>>, names: readonly string[] = []): Record<string, V> {
  return Object.fromEntries(Object.entries(rows).filter(([name]) => !names.includes(name)))
}

function mapValues<V, W>(rows: Readonly<Record<string, V>>, change: (row: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, change(row)]))
}
