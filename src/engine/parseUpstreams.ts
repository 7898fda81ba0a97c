import { InputError } from '../base/errors.ts'

const mend = 'give one or more http:// or https:// addresses, comma-separated, such as http://127.0.0.1:8000'

/**
 * `http://a:8000,http://b:8000/v1` → addresses of inference servers, in that order. One without a path means `/v1` there.
 *
 * @throws InputError for what is no address, one with a password, query or fragment, and for one given twice
 */
export function parseUpstreams(text: string): URL[] {
  const urls = text.split(',').map((part) => addressOf(part.trim()))
  const twice = urls.find((url, index) => urls.findIndex(({ href }) => href === url.href) !== index)
  if (twice !== undefined) throw new InputError('--upstream', twice.href, 'give each server once')
  return urls
}

function addressOf(part: string): URL {
  const url = URL.canParse(part) ? new URL(part) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) throw new InputError('--upstream', part, mend)
  if (url.username !== '' || url.password !== '') {
    // Without the value: it holds a secret.
    throw new InputError(
      '--upstream',
      url.host,
      'give keys in FACULTY_UPSTREAM_KEY or upstream.key, not in the address',
    )
  }
  if (url.search !== '' || url.hash !== '') throw new InputError('--upstream', part, mend)
  return url
}
