import { isDeeper } from './isDeeper.ts'
import { wireLimits } from './wireLimits.ts'

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: 'too-deep' | 'not-json' }

/** Parses text of a bounded size from the network, unless it is nested too deeply. Never throws. */
export function parseWireJson(text: string): ParsedJson {
  if (isDeeper(text, wireLimits.maxJsonDepth)) return { ok: false, code: 'too-deep' }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, code: 'not-json' }
  }
}
