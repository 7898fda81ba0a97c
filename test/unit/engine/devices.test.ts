import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { parseDevices } from '../../../src/engine/deviceNames.ts'
import { chooseDevice } from '../../../src/engine/devices.ts'
import { runTinyGraph } from '../../../src/engine/onnx.ts'
import { probeGraph } from '../../../src/engine/probeGraph.ts'
import { onnxBytes } from './onnxBytes.ts'

describe('parseDevices', () => {
  it('keeps the order asked', () => {
    expect(parseDevices('webgpu, CPU')).toEqual(['webgpu', 'cpu'])
    expect(parseDevices('cuda')).toEqual(['cuda'])
  })

  it.each(['', 'gpu', 'cpu,cpu', 'cpu,'])('refuses %j', (text) => {
    expect(() => parseDevices(text)).toThrow(InputError)
  })
})

describe('the probe', () => {
  it('is the graph it says it is, and runs on the CPU', async () => {
    const value = (name: string) => ({ name, type: 'float32', dims: [1] }) as const
    const built = onnxBytes({
      name: 'double',
      nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
      inputs: [value('x')],
      outputs: [value('y')],
    })
    expect(Buffer.from(probeGraph).toString('hex')).toBe(Buffer.from(built).toString('hex'))
    expect(await runTinyGraph(probeGraph, 'cpu')).toBe(42)
  })
})

describe('chooseDevice', () => {
  it('takes the first that works and says why the earlier ones do not', async () => {
    const chosen = await chooseDevice(['cuda', 'webgpu', 'cpu'], async (device) => {
      if (device === 'cuda') throw new Error('no libcudart.so.12\n  at some place')
      if (device === 'webgpu') throw new Error('/onnxruntime_src/x.cc:1 f() status == Ok was false. No adapter')
    })
    expect(chosen).toEqual({
      device: 'cpu',
      lines: ['cuda: not usable, no libcudart.so.12', 'webgpu: not usable, No adapter', 'cpu: chosen'],
    })
  })

  it('does not try what comes after', async () => {
    const tried: string[] = []
    await chooseDevice(['cpu', 'cuda'], async (device) => void tried.push(device))
    expect(tried).toEqual(['cpu'])
  })

  it('fails with a line for each where none works', async () => {
    const failing = chooseDevice(['cuda'], async () => {
      throw new Error('absent')
    })
    await expect(failing).rejects.toMatchObject({
      failure: { code: 'no-device', lines: ['cuda: not usable, absent'] },
    })
  })

  it('probes the CPU for real', async () => {
    expect(await chooseDevice(['cpu'])).toEqual({ device: 'cpu', lines: ['cpu: chosen'] })
  })
})
