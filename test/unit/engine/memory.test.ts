import { chmod, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cgroupMemory, freeMainMemory, freeMemory } from '../../../src/engine/freeMemory.ts'
import { gpuOfNumber, listGpus } from '../../../src/engine/gpus.ts'
import { graphFor } from '../../../src/engine/graphFor.ts'
import { checkMemory, estimateMemory, gigabytes } from '../../../src/engine/memoryEstimate.ts'
import { readModelFolder } from '../../../src/engine/modelFolder.ts'
import { openSession } from '../../../src/engine/openSession.ts'
import { tinyModelFolder } from './tinyModel.ts'

const removes: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const remove of removes.splice(0)) await remove()
})

async function folderOf(): Promise<string> {
  const made = await tinyModelFolder({ kind: 'script', script: ['a', '<eos>'], contextTokens: 4096 })
  removes.push(made.remove)
  return made.folder
}

/** A folder on the PATH with a `nvidia-smi` that does this. */
async function driver(script: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'faculty-smi-'))
  removes.push(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'nvidia-smi'), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
}

const MiB = 1024 * 1024
const two = `cat <<END
0, NVIDIA H100 80GB HBM3, 81559, 80995, 550.54.15
1, NVIDIA GeForce, Laptop, 8192, 100, 550.54.15
END`

describe('the estimate', () => {
  it('adds up the files of a graph, and the cache by the shape of a Llama model', async () => {
    const folder = await folderOf()
    const model = await readModelFolder(folder)
    const onnx = join(folder, 'onnx')
    for (const [name, size] of [
      ['model.onnx', 1_000],
      ['model.onnx_data', 50_000],
      ['model.onnx_data_1', 7_000],
      ['model_fp16.onnx', 600],
      ['model_fp16.onnx_data', 25_000],
    ] as const) {
      await writeFile(join(onnx, name), '')
      await truncate(join(onnx, name), size)
    }
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, hidden_size: 4096 }),
    )
    // Llama 3 8B: 2 * 32 layers * 8 heads * 128 * 4096 tokens * 4 bytes.
    expect(await estimateMemory(model, join(onnx, 'model.onnx'))).toEqual({
      weightBytes: 58_000,
      loadBytes: 59_000,
      cacheBytes: 2 * 32 * 8 * 128 * 4096 * 4,
    })
    expect(await estimateMemory(model, join(onnx, 'model_fp16.onnx'))).toEqual({
      weightBytes: 25_600,
      loadBytes: 26_200,
      cacheBytes: 2 * 32 * 8 * 128 * 4096 * 2,
    })
  })

  it('counts all that lies beside a single graph, and takes the names of other families', async () => {
    const folder = await folderOf()
    const model = await readModelFolder(folder)
    await writeFile(join(folder, 'onnx', 'model.onnx'), 'x'.repeat(10))
    await writeFile(join(folder, 'onnx', 'onnx__MatMul_12'), 'x'.repeat(100))
    const estimate = async (config: object) => {
      await writeFile(join(folder, 'config.json'), JSON.stringify(config))
      return await estimateMemory(model, model.graph)
    }
    expect(await estimate({ n_layer: 12, n_head: 12, n_embd: 768 })).toEqual({
      weightBytes: 110,
      loadBytes: 120,
      cacheBytes: 2 * 12 * 12 * 64 * 4096 * 4,
    })
    const gemma = {
      text_config: { num_hidden_layers: 18, num_attention_heads: 8, num_key_value_heads: 1, head_dim: 256 },
    }
    expect((await estimate(gemma)).cacheBytes).toBe(2 * 18 * 1 * 256 * 4096 * 4)
    expect((await estimate({})).cacheBytes).toBe(undefined)
  })
})

describe('the check', () => {
  const estimate = { weightBytes: 14e9, loadBytes: 28e9, cacheBytes: 2e9 }
  const free = { deviceBytes: 24e9, mainBytes: 64e9 }

  it('takes what fits, and says for how many answers', () => {
    expect(checkMemory(estimate, { device: 'cuda:1', sequences: 5 }, free)).toBe(
      'cuda:1: 14.00 GB of weights, room for 5 full answers at a time',
    )
    expect(checkMemory(estimate, { device: 'webgpu', sequences: 9 }, { ...free, deviceBytes: undefined })).toBe(
      'webgpu: 14.00 GB of weights',
    )
  })

  it('refuses with what is needed, what is there and the mend', () => {
    const refused = () => checkMemory(estimate, { device: 'cuda', sequences: 6 }, free)
    expect(refused).toThrow(
      'the model needs 26.00 GB of cuda and 24.00 GB are free: 14.00 GB of weights and 12.00 GB for 6 full answers',
    )
    expect(() => checkMemory(estimate, { device: 'cuda', sequences: 1 }, { ...free, mainBytes: 27e9 })).toThrow(
      'needs 28.00 GB of main memory, to load it and 27.00 GB are free',
    )
    const cpu = () => checkMemory(estimate, { device: 'cpu', sequences: 1 }, { ...free, mainBytes: 27e9 })
    expect(cpu).toThrow('needs 28.00 GB of main memory')
    expect(gigabytes(1_250_000)).toBe('1.3 MB')
  })

  it('comes before the model is loaded', async () => {
    const folder = await folderOf()
    const model = await readModelFolder(folder)
    // A terabyte that takes no place on the disk.
    const data = join(folder, 'onnx', 'model.onnx_data')
    await writeFile(data, '')
    await truncate(data, 2 ** 40)
    await expect(openSession(model, { device: 'cpu' })).rejects.toMatchObject({
      failure: { code: 'no-memory', device: 'cpu', needBytes: expect.any(Number), haveBytes: expect.any(Number) },
      mend: expect.stringContaining('quantised'),
    })
  })
})

describe('a control group', () => {
  const reader = (files: Readonly<Record<string, string>>) => cgroupMemory((path) => files[path])

  it('of version 2 limits by the tightest of those around the process, the droppable cache not counted', () => {
    const files = {
      '/proc/self/cgroup': '0::/pod/job\n',
      '/sys/fs/cgroup/pod/memory.max': '4000\n',
      '/sys/fs/cgroup/pod/memory.current': '3000\n',
      '/sys/fs/cgroup/pod/memory.stat': 'anon 1\ninactive_file 500\nactive_file 9\n',
      '/sys/fs/cgroup/pod/job/memory.max': '8000\n',
      '/sys/fs/cgroup/pod/job/memory.current': '1000\n',
    }
    expect(reader(files)).toEqual({ limitBytes: 4000, freeBytes: 1500 })
  })

  it('of version 1 is read too; none is no limit', () => {
    const v1 = {
      '/proc/self/cgroup': '12:cpu,cpuacct:/\n5:memory:/docker/abc\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      // Inside a container the group's own folder is the root.
      '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '5000\n',
      '/sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes': '6000\n',
    }
    expect(reader(v1)).toEqual({ limitBytes: 5000, freeBytes: 0 })
    expect(reader({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': 'max\n' })).toBe(undefined)
    expect(reader({})).toBe(undefined)
  })

  it('or the machine leaves this process something', async () => {
    expect(freeMainMemory()).toBeGreaterThan(10 * MiB)
    expect(await freeMemory('cpu')).toBeGreaterThan(10 * MiB)
    expect(await freeMemory('webgpu')).toBe(undefined)
  })
})

describe('GPUs', () => {
  it('are those that the driver tells of', async () => {
    await driver(two)
    const gpus = await listGpus()
    expect(gpus).toEqual([
      {
        index: 0,
        name: 'NVIDIA H100 80GB HBM3',
        totalBytes: 81559 * MiB,
        freeBytes: 80995 * MiB,
        driver: '550.54.15',
      },
      {
        index: 1,
        name: 'NVIDIA GeForce, Laptop',
        totalBytes: 8192 * MiB,
        freeBytes: 100 * MiB,
        driver: '550.54.15',
      },
    ])
    expect(await freeMemory('cuda:1')).toBe(100 * MiB)
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '1,0')
    expect(await freeMemory('cuda:1')).toBe(80995 * MiB)
    expect(gpuOfNumber(gpus, 0, '1')!.index).toBe(1)
    expect([gpuOfNumber(gpus, 1, '1'), gpuOfNumber(gpus, 0, 'GPU-4f'), gpuOfNumber(gpus, 2, undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('are none without a driver; a driver that fails is quoted', async () => {
    vi.stubEnv('PATH', '/nowhere')
    expect(await listGpus()).toEqual([])
    vi.unstubAllEnvs()
    await driver('echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18')
    await expect(listGpus()).rejects.toThrow('nvidia-smi fails: Failed to initialize NVML')
    expect(await freeMemory('cuda')).toBe(undefined)
  })

  it('get the graph in half precision where there is one', async () => {
    const folder = await folderOf()
    const graph = join(folder, 'onnx', 'model.onnx')
    expect(await graphFor(graph, 'cuda:1')).toBe(graph)
    const half = join(folder, 'onnx', 'model_fp16.onnx')
    await writeFile(half, '')
    expect([await graphFor(graph, 'cuda:1'), await graphFor(graph, 'webgpu'), await graphFor(graph, 'cpu')]).toEqual([
      half,
      half,
      graph,
    ])
  })
})
