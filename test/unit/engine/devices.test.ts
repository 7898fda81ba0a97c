import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { deviceGroups, deviceNumber, parseDevices, providerOf } from '../../../src/engine/deviceNames.ts'
import { chooseDevices } from '../../../src/engine/devices.ts'
import { runTinyGraph } from '../../../src/engine/onnx.ts'
import { probeGraph } from '../../../src/engine/probeGraph.ts'
import { onnxBytes } from './onnxBytes.ts'

describe('parseDevices', () => {
  it('keeps the order asked', () => {
    expect(parseDevices('webgpu, CPU')).toEqual(['webgpu', 'cpu'])
    expect(parseDevices('cuda')).toEqual(['cuda'])
    expect(parseDevices('cuda:0,cuda:01,cpu,cpu')).toEqual(['cuda:0', 'cuda:1', 'cpu', 'cpu'])
  })

  it('takes neighbours of a kind together', () => {
    expect(deviceGroups(parseDevices('cuda:2,cuda:0,webgpu,cpu,cpu'))).toEqual([
      ['cuda:2', 'cuda:0'],
      ['webgpu'],
      ['cpu', 'cpu'],
    ])
    expect((['cuda', 'cuda:3', 'cpu'] as const).map((device) => [providerOf(device), deviceNumber(device)])).toEqual([
      ['cuda', 0],
      ['cuda', 3],
      ['cpu', 0],
    ])
  })

  it.each([
    '',
    'gpu',
    'cpu,',
    'cpu:1',
    'cuda:',
    'cuda:-1',
    'cuda:1000',
    'cuda,cuda:0',
    'cuda:1,cuda:1',
    'cpu,cuda,cpu',
  ])('refuses %j', (text) => {
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

describe('chooseDevices', () => {
  it('takes the first that works and says why the earlier ones do not', async () => {
    const chosen = await chooseDevices(['cuda', 'webgpu', 'cpu'], async (device) => {
      if (device === 'cuda') throw new Error('no libcudart.so.12\n  at some place')
      if (device === 'webgpu') throw new Error('/onnxruntime_src/x.cc:1 f() status == Ok was false. No adapter')
    })
    expect(chosen).toEqual({
      devices: ['cpu'],
      lines: ['cuda: not usable, no libcudart.so.12', 'webgpu: not usable, No adapter', 'cpu: chosen'],
    })
  })

  it('takes all of a kind that work, and does not try what comes after', async () => {
    const tried: string[] = []
    const chosen = await chooseDevices(['cuda:0', 'cuda:1', 'cuda:2', 'cpu'], async (device) => {
      tried.push(device)
      if (device === 'cuda:1') throw new Error('out of memory')
    })
    expect(chosen.devices).toEqual(['cuda:0', 'cuda:2'])
    expect(chosen.lines).toEqual(['cuda:0: chosen', 'cuda:1: not usable, out of memory', 'cuda:2: chosen'])
    expect(tried).toEqual(['cuda:0', 'cuda:1', 'cuda:2'])
  })

  it('fails with a line for each where none works', async () => {
    const failing = chooseDevices(['cuda'], async () => {
      throw new Error('absent')
    })
    await expect(failing).rejects.toMatchObject({
      failure: { code: 'no-device', lines: ['cuda: not usable, absent'] },
    })
  })

  it('probes the CPU for real, once for all its sessions', async () => {
    expect(await chooseDevices(['cpu', 'cpu'])).toEqual({
      devices: ['cpu', 'cpu'],
      lines: ['cpu: chosen', 'cpu: chosen'],
    })
  })
})
