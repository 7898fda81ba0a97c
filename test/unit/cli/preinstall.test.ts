import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../src/cli/preinstall.mjs'

const offline = (): Promise<never> =>
  Promise.reject(
    new TypeError('fetch failed', { cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }) }),
  )
const online = (): Promise<boolean> => Promise.resolve(true)
const elsewhere = { env: {}, platform: 'linux/x64', folder: '/home/user/app/node_modules/faculty' }

describe('before an install', () => {
  test('without NuGet in reach the failure is named, with the mend', async () => {
    const problem = await problemOf(elsewhere, offline)
    expect(problem).toContain('NuGet cannot be reached (ENOTFOUND)')
    expect(problem).toContain('ONNXRUNTIME_NODE_INSTALL=skip npm install')
  })

  test('a time-out is named too', async () => {
    const problem = await problemOf(elsewhere, () => Promise.reject(new DOMException('late', 'TimeoutError')))
    expect(problem).toContain('(TimeoutError)')
  })

  test('with NuGet in reach nothing is said', async () => {
    expect(await problemOf(elsewhere, online)).toBe(undefined)
  })

  test.each([
    ['the user chose', { ...elsewhere, env: { ONNXRUNTIME_NODE_INSTALL: 'skip' } }],
    ['the user chose by .npmrc', { ...elsewhere, env: { npm_config_onnxruntime_node_install: 'cuda12' } }],
    ['a proxy is in use', { ...elsewhere, env: { GLOBAL_AGENT_HTTPS_PROXY: 'http://proxy:8080' } }],
    ['nothing is fetched on this platform', { ...elsewhere, platform: 'darwin/arm64' }],
    ['it is the repository itself', { ...elsewhere, env: { npm_config_local_prefix: elsewhere.folder } }],
  ])('nor asked where %s', async (_why, where) => {
    expect(await problemOf(where, () => expect.unreachable())).toBe(undefined)
  })
})
