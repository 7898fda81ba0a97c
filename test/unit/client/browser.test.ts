import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterEach, describe, expect, it } from 'vitest'
import { World } from '../gateway/world.ts'
import { importGraph } from './importGraph.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const entry = join(root, 'src/client/client.ts')
const world = new World()
afterEach(() => world.close())

describe('the client in a browser', () => {
  it('reaches no module of Node, and no room but its own, wire, keys and base', () => {
    const { files, packages } = importGraph(entry)
    const rooms = new Set([...files].map((file) => relative(join(root, 'src'), file).split('/')[0]))
    expect(rooms).toEqual(new Set(['client', 'wire', 'keys', 'base']))
    const native = [...packages].filter((name) => name.startsWith('node:') || builtinModules.includes(name))
    expect(native).toEqual([])
    expect(packages).toContain('zod')
  })

  it('would be found out if it did', () => {
    const { packages } = importGraph(join(root, 'src/gateway/startGateway.ts'))
    expect([...packages].filter((name) => name.startsWith('node:'))).not.toEqual([])
  })

  it('asks and verifies as a bundle, with nothing but what a web page has', async () => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      globalName: 'faculty',
      logLevel: 'silent',
    })
    const { neuron } = await world.miner({ uid: 5, incentive: 1 })
    const { url } = await world.gateway(() => [neuron])
    const page = { fetch, URL, TextEncoder, TextDecoder, AbortController, performance, crypto, url, result: '' }
    const script = `${outputFiles[0]!.text}
      (async () => {
        const client = faculty.createClient({ baseUrl: url })
        let text = ''
        for await (const event of client.askStream({ domain: 'medicine', question: 'Why?' })) {
          if (event.type === 'text') text += event.text
          else result = JSON.stringify({ text, verdict: faculty.verifyAnswer(event.answer) })
        }
      })()`
    await runInContext(script, createContext(page))
    expect(JSON.parse(page.result)).toEqual({ text: '5: Why?', verdict: { ok: true } })
  })
})
