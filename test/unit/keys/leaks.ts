import { inspect } from 'node:util'

/** Every way in which an object commonly ends up in a log: all of its printed forms, joined. */
export function printedForms(value: unknown): string {
  return [
    inspect(value, { depth: 20, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.message}\n${value.stack}` : '',
  ].join('\n')
}

/** The printed forms of secret bytes: hex, base64 and the numbers of an inspected Uint8Array. */
export function spellingsOf(secret: Uint8Array): string[] {
  const start = secret.subarray(0, 8)
  return [
    Buffer.from(start).toString('hex'),
    Buffer.from(secret.subarray(0, 9)).toString('base64'),
    [...start].join(', '),
    [...start].join(','),
  ]
}
