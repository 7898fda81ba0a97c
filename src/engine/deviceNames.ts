import { InputError } from '../base/errors.ts'

/** What runs a graph; the names are onnxruntime's execution providers. */
export const providers = ['cuda', 'webgpu', 'cpu'] as const
export type Provider = (typeof providers)[number]

/** One of several GPUs of a kind has its number behind a colon, as CUDA counts them. `cuda` is `cuda:0`. */
export type DeviceName = Provider | `cuda:${number}`

const mend = `give one or more of ${providers.join(', ')} and cuda:0, cuda:1, …, comma-separated`

/**
 * `cuda:0,cuda:1,cpu` → devices in the order asked. Neighbours of one provider are used together, each with a session of its
 * own; what follows them is for where none of them works: see `deviceGroups`. The CPU may stand several times, for as many
 * sessions; a GPU once.
 *
 * @throws InputError for an unknown name, a repeated GPU, a provider that comes again behind another one, an empty list
 */
export function parseDevices(text: string): DeviceName[] {
  const devices = text.split(',').map((name) => deviceOf(name.trim().toLowerCase(), text))
  const gpus = devices.filter((device) => device !== 'cpu').map((device) => (device === 'cuda' ? 'cuda:0' : device))
  if (new Set(gpus).size < gpus.length) throw new InputError('--device', text, 'give each GPU once')
  const groups = deviceGroups(devices).map(([first]) => providerOf(first!))
  if (new Set(groups).size < groups.length) throw new InputError('--device', text, 'put devices of one kind together')
  return devices
}

function deviceOf(name: string, text: string): DeviceName {
  if ((providers as readonly string[]).includes(name)) return name as Provider
  const number = /^cuda:(\d{1,2})$/.exec(name)?.[1]
  if (number === undefined) throw new InputError('--device', text, mend)
  return `cuda:${Number(number)}`
}

/** Neighbours of the same provider, in order: the first group in which a device works is used. */
export function deviceGroups(devices: readonly DeviceName[]): DeviceName[][] {
  const groups: DeviceName[][] = []
  for (const device of devices) {
    const group = groups.at(-1)
    if (group !== undefined && providerOf(group[0]!) === providerOf(device)) group.push(device)
    else groups.push([device])
  }
  return groups
}

export function providerOf(device: DeviceName): Provider {
  return device.startsWith('cuda') ? 'cuda' : (device as Provider)
}

/** Which of several GPUs, from 0. */
export function deviceNumber(device: DeviceName): number {
  return Number(device.split(':')[1] ?? 0)
}
