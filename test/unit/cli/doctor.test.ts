import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Check } from '../../../src/cli/doctor/check.ts'
import { nodeCheck } from '../../../src/cli/doctor/checkMachine.ts'
import { checkWallets } from '../../../src/cli/doctor/checkWallets.ts'
import { modelFingerprint } from '../../../src/engine/modelFingerprint.ts'
import { startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { type Ran, run } from './runCommand.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-doctor-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const closers: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closers.splice(0)) await close()
})

/** On ports of its own, so that what else runs here does not matter. */
async function doctor(...flags: string[]): Promise<Ran & { of: (name: string) => Check }> {
  const ran = await run('doctor', ['--json', '--port', '0', '--gateway.port', '0', '--wallet.path', folder, ...flags])
  const { checks } = ran.json() as unknown as { checks: Check[] }
  const of = (name: string): Check => {
    const found = checks.find((check) => check.name === name)
    if (found === undefined) throw new Error(`no ${name} among ${checks.map((check) => check.name).join(', ')}`)
    return found
  }
  return { ...ran, of }
}

async function serveDate(offMs: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + offMs).toUTCString())
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('faculty doctor', () => {
  it('finds what the tests themselves run on, and gives each fault a mend', async () => {
    const { of, code, json } = await doctor()
    const { ready, checks } = json() as unknown as { ready: boolean; checks: Check[] }
    for (const check of checks) {
      expect(check.found).not.toBe('')
      expect(check.mend === undefined).toBe(check.state === 'ok')
    }
    expect(code).toBe(checks.some(({ state, isNeeded }) => state === 'missing' && isNeeded) ? 1 : 0)
    expect(ready).toBe(code === 0)
    expect(of('Node')).toMatchObject({ state: 'ok', found: process.versions.node })
    expect(of('onnxruntime on cpu').state).toBe('ok')
    const prints = await Promise.all(['expert', 'novice'].map((name) => modelFingerprint(`miners/law/${name}`)))
    expect(of('models for law').found).toBe(`expert ${prints[0]!.slice(0, 16)}, novice ${prints[1]!.slice(0, 16)}`)
    // Nobody asked for the network.
    expect(() => of('chain')).toThrow()
    expect(() => of('clock')).toThrow()
  })

  it('fails where a port of faculty up is taken, in words too', async () => {
    const port = new URL(await serveDate(0)).port
    const flags = ['--gateway.port', port]
    const { code, of } = await doctor(...flags)
    expect(code).toBe(1)
    expect(of(`port ${port}`)).toEqual({
      name: `port ${port}`,
      state: 'missing',
      found: 'something listens there',
      mend: 'end what listens there, or faculty up --gateway.port 0 to take any free one',
      isNeeded: true,
    })
    const text = await run('doctor', ['--port', '0', '--wallet.path', folder, ...flags])
    expect(text.code).toBe(1)
    expect(text.out).toMatch(new RegExp(`^missing  port ${port} +something listens there\\n +→ end what`, 'm'))
    expect(text.out).toMatch(/^ok {7}Node +\d/m)
    expect(text.out).toContain('faculty up cannot run here')
  })

  it('fails where nothing can be written', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'nowhere'))
    const { code, of } = await doctor()
    expect(code).toBe(1)
    expect(of('disk')).toMatchObject({ state: 'missing', isNeeded: true, found: expect.stringContaining('ENOENT') })
  })

  it('sees a GPU whose libraries are not there', async () => {
    const bin = join(folder, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'nvidia-smi'), '#!/bin/sh\necho "0, NVIDIA L4, 23034, 22500, 550.54.15"\n')
    await chmod(join(bin, 'nvidia-smi'), 0o755)
    vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`)
    const { of } = await doctor()
    expect(of('NVIDIA GPU')).toMatchObject({
      state: 'ok',
      found: '0: NVIDIA L4, 23.59 GB free of 24.15 GB; driver 550.54.15',
    })
    // Installed on a machine with CUDA; here the package lies as npm ci leaves it.
    const provider = of('CUDA provider')
    if (provider.state !== 'ok') expect(provider.mend).toContain('ONNXRUNTIME_NODE_INSTALL=cuda12')
    const libraries = join(folder, 'lib')
    await mkdir(libraries)
    for (const name of [
      'cudart.so.12',
      'cublas.so.12',
      'cublasLt.so.12',
      'cudnn.so.9',
      'cufft.so.11',
      'curand.so.10',
    ]) {
      await writeFile(join(libraries, `lib${name}`), '')
    }
    vi.stubEnv('LD_LIBRARY_PATH', libraries)
    expect((await doctor()).of('CUDA libraries').state).toBe('ok')
  })

  it('compares the clock where it is told with what', async () => {
    const right = await doctor('--time.url', await serveDate(0))
    expect(right.of('clock').state).toBe('ok')
    const slow = await doctor('--time.url', await serveDate(3_600_000))
    expect(slow.of('clock')).toMatchObject({ state: 'warning', mend: expect.stringContaining('timedatectl') })
    expect(slow.of('clock').found).toMatch(/^(3599|3600)\.\d s behind http/)
    const fast = await doctor('--time.url', await serveDate(-60_000))
    expect(fast.of('clock').found).toMatch(/^(59|60)\.\d s ahead of http/)
    const gone = await serveDate(0)
    for (const close of closers.splice(0)) await close()
    expect((await doctor('--time.url', gone)).of('clock')).toMatchObject({
      state: 'missing',
      found: expect.stringContaining('ECONNREFUSED'),
    })
    await expect(doctor('--time.url', 'nonsense')).rejects.toMatchObject({ failure: { field: '--time.url' } })
  })

  it('asks the chain that the flags name', async () => {
    const node = await startLocalnet({ port: 0 })
    closers.push(() => node.close())
    const { of } = await doctor('--subtensor.chain_endpoint', node.endpoint)
    expect(of('chain')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/^node-subtensor \d+ at block \d+$/),
    })
    expect(of('clock').found).toMatch(/of the chain$|behind the chain$/)
    const nobody = await doctor('--subtensor.network', 'ws://127.0.0.1:9')
    expect(nobody.of('chain')).toMatchObject({
      state: 'missing',
      isNeeded: false,
      mend: expect.stringContaining('localnet'),
    })
  })
})

describe('the check of', () => {
  it.each([
    ['18.20.8', 'missing'],
    ['20.18.9', 'missing'],
    ['20.19.0', 'ok'],
    ['20.20.1', 'ok'],
    ['21.0.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('Node %s says %s', (version, state) => {
    expect(nodeCheck(version).state).toBe(state)
  })

  it('wallets finds secret keys that others may read, and only those', async () => {
    const wallets = join(folder, 'wallets')
    expect(await checkWallets(wallets)).toMatchObject({ state: 'missing', isNeeded: false })
    await mkdir(join(wallets, 'mine', 'hotkeys'), { recursive: true })
    const write = (mode: number, ...path: string[]): Promise<void> =>
      writeFile(join(wallets, 'mine', ...path), '', { mode })
    await write(0o644, 'coldkeypub.txt')
    await write(0o644, 'hotkeys', 'defaultpub.txt')
    await write(0o600, 'coldkey')
    await write(0o600, 'hotkeys', 'default')
    expect(await checkWallets(wallets)).toMatchObject({ state: 'ok', found: `${wallets}, 2 secret keys` })
    await write(0o640, 'hotkeys', 'open')
    expect(await checkWallets(wallets)).toMatchObject({
      state: 'warning',
      found: `others may read ${join(wallets, 'mine', 'hotkeys', 'open')}`,
      mend: `chmod -R go-rwx ${wallets}`,
    })
  })
})
