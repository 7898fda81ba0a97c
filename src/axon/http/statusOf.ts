import { type WireErrorCode, wireErrors } from '../../wire/wireError.ts'

/** Where HTTP has a status of its own for it; all else is 503 or 400, by whether it may work later. */
const statuses: Partial<Record<WireErrorCode, number>> = {
  oversize: 413,
  'no-such-path': 404,
  'unknown-domain': 404,
  'bad-headers': 401,
  'no-receiver': 401,
  'wrong-axon': 401,
  unsigned: 401,
  'stale-nonce': 401,
  'future-nonce': 401,
  replayed: 401,
  'bad-signature': 401,
  'altered-body': 401,
  'unprotected-body': 401,
  'named-caller': 401,
  'unknown-hotkey': 403,
  'low-stake': 403,
  'no-permit': 403,
  denied: 403,
  deadline: 408,
  'rate-limited': 429,
  failed: 500,
}

export function statusOf(code: WireErrorCode): number {
  return statuses[code] ?? (wireErrors[code].retry ? 503 : 400)
}
