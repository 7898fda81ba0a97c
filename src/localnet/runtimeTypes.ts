import type { Call, CallDefinition, EventDefinition, Pallet } from './pallet.ts'
import type { EventRecord, RuntimeEvent } from './runtime.ts'
import { h256 } from './scale/chainTypes.ts'
import { phase } from './scale/frameTypes.ts'
import { ScaleError, type ScaleReader, type ScaleWriter } from './scale/io.ts'
import { decodeFields, encodeFields, type ScaleType, struct, vec, withParameters } from './scale/types.ts'

interface Entry<Definition> {
  readonly pallet: Pallet
  readonly name: string
  readonly definition: Definition
}

/** Declarations of one kind by name and by their two index bytes. */
class Table<Definition extends { readonly index: number }> {
  readonly #kind: string
  readonly #byName = new Map<string, Entry<Definition>>()
  readonly #byIndex = new Map<number, Entry<Definition>>()

  constructor(kind: string, pallets: readonly Pallet[], of: (pallet: Pallet) => Readonly<Record<string, Definition>>) {
    this.#kind = kind
    for (const pallet of pallets) {
      for (const [name, definition] of Object.entries(of(pallet))) {
        const entry = { pallet, name, definition }
        const key = (pallet.index << 8) | definition.index
        const other = this.#byIndex.get(key)
        if (other !== undefined) {
          throw new Error(`${pallet.name}: ${kind} ${name} has the index ${definition.index} of ${other.name}`)
        }
        this.#byName.set(`${pallet.name}.${name}`, entry)
        this.#byIndex.set(key, entry)
      }
    }
  }

  find(pallet: string, name: string): Entry<Definition> | undefined {
    return this.#byName.get(`${pallet}.${name}`)
  }

  write(pallet: string, name: string, out: ScaleWriter): Definition {
    const entry = this.find(pallet, name)
    if (entry === undefined) throw new ScaleError(`no ${this.#kind} ${pallet}.${name}`)
    out.byte(entry.pallet.index)
    out.byte(entry.definition.index)
    return entry.definition
  }

  read(input: ScaleReader): Entry<Definition> {
    const [pallet, index] = [input.byte(), input.byte()]
    const entry = this.#byIndex.get((pallet << 8) | index)
    if (entry === undefined) throw new ScaleError(`no ${this.#kind} with index ${index} in pallet ${pallet}`)
    return entry
  }
}

/** Types that hold calls and events of any pallet. They work once all pallets are known. */
export interface RuntimeTypes {
  readonly runtimeCall: ScaleType<Call>
  readonly runtimeEvent: ScaleType<RuntimeEvent>
  readonly eventRecords: ScaleType<EventRecord[]>
  findCall(pallet: string, name: string): Entry<CallDefinition> | undefined
  /** @throws Error where two declarations of a pallet have the same index */
  bind(pallets: readonly Pallet[]): void
}

/** The outer call and event enums, to which the pallets that mention them in their own declarations are added later. */
export function makeRuntimeTypes(): RuntimeTypes {
  let calls = new Table<CallDefinition>('call', [], () => ({}))
  let events = new Table<EventDefinition>('event', [], () => ({}))
  const runtimeCall: ScaleType<Call> = {
    shape: { kind: 'runtime', name: 'RuntimeCall' },
    minimumBytes: 2,
    encode: ({ pallet, name, args }, out) => encodeFields(calls.write(pallet, name, out).fields, args, out),
    decode: (input) =>
      input.nested(() => {
        const { pallet, name, definition } = calls.read(input)
        return { pallet: pallet.name, name, args: decodeFields(definition.fields, input) }
      }),
  }
  const runtimeEvent: ScaleType<RuntimeEvent> = {
    shape: { kind: 'runtime', name: 'RuntimeEvent' },
    minimumBytes: 2,
    encode: ({ pallet, name, fields }, out) => encodeFields(events.write(pallet, name, out).fields, fields, out),
    decode: (input) => {
      const { pallet, name, definition } = events.read(input)
      return { pallet: pallet.name, name, fields: decodeFields(definition.fields, input) }
    },
  }
  return {
    runtimeCall,
    runtimeEvent,
    eventRecords: eventRecordsOf(runtimeEvent),
    findCall: (pallet, name) => calls.find(pallet, name),
    bind: (pallets) => {
      calls = new Table('call', pallets, (pallet) => pallet.calls)
      events = new Table('event', pallets, (pallet) => pallet.events)
    },
  }
}

/** Value of System.Events. Topics are written as none and not read back. */
export function eventRecordsOf(runtimeEvent: ScaleType<RuntimeEvent>): ScaleType<EventRecord[]> {
  const plain = struct('frame_system::EventRecord', { phase, event: runtimeEvent, topics: vec(h256) })
  return vec({
    ...withParameters(plain, { E: runtimeEvent, T: h256 }),
    encode: (record: EventRecord, out) => plain.encode({ ...record, topics: [] }, out),
    decode: (input): EventRecord => {
      const { phase, event } = plain.decode(input)
      return { phase, event }
    },
  })
}
