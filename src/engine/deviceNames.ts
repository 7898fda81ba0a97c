import { InputError } from '../base/errors.ts'

/** What runs a graph; the names are onnxruntime's execution providers. */
export const deviceNames = ['cuda', 'webgpu', 'cpu'] as const
export type DeviceName = (typeof deviceNames)[number]

/** `cuda,cpu` → devices in the order asked. @throws InputError for an unknown name, a repeated one or an empty list */
export function parseDevices(text: string): DeviceName[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  if (new Set(names).size === names.length && names.every(isDeviceName)) return names
  throw new InputError('--device', text, `give one or more of ${deviceNames.join(', ')}, each once, comma-separated`)
}

function isDeviceName(name: string): name is DeviceName {
  return (deviceNames as readonly string[]).includes(name)
}
