import { errorsOf } from '../../pallet.ts'
import { index, name } from './storage.ts'

export const errorIndices = {
  TooMany: 0,
  NotFound: 1,
  NotProxy: 2,
  Duplicate: 4,
  NoPermission: 5,
  Unannounced: 6,
  NoSelfProxy: 7,
}

/** The Python package quotes these to its users. */
export const errorDocs: Readonly<Record<keyof typeof errorIndices, string>> = {
  TooMany: 'There are too many proxies registered or too many announcements pending.',
  NotFound: 'Proxy registration not found.',
  NotProxy: 'Sender is not a proxy of the account to be proxied.',
  Duplicate: 'Account is already a proxy.',
  NoPermission: 'Call may not be made by proxy because it may escalate its privileges.',
  Unannounced: 'Announcement, if made at all, was made too recently.',
  NoSelfProxy: 'Cannot add self as proxy.',
}

export const errors = errorsOf(name, index, errorIndices)
