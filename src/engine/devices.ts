import { messageOf } from '../base/errors.ts'
import { type DeviceName, deviceGroups } from './deviceNames.ts'
import { EngineError } from './engineError.ts'
import { firstLine } from './firstLine.ts'
import { runTinyGraph } from './onnx.ts'
import { probeGraph } from './probeGraph.ts'

export interface ChosenDevices {
  /** All of one provider, at least one; each gets a session. */
  readonly devices: readonly DeviceName[]
  /** One for each device tried, in order. */
  readonly lines: readonly string[]
}

/**
 * Of the first group of neighbours (see `parseDevices`) in which any runs a tiny graph correctly, those that do. onnxruntime
 * lists devices whose libraries are missing and does not fall back by itself, so each is tried.
 *
 * @param probe runs the tiny graph on a device; throws where it cannot
 * @throws EngineError `no-device` with a line for each
 * @see facts: dependencies.md, section 3
 */
export async function chooseDevices(
  devices: readonly DeviceName[],
  probe: (device: DeviceName) => Promise<void> = probeDevice,
): Promise<ChosenDevices> {
  const lines: string[] = []
  for (const group of deviceGroups(devices)) {
    const working: DeviceName[] = []
    for (const device of group) {
      try {
        // What stands several times is the CPU; it works as well the second time.
        if (!working.includes(device)) await probe(device)
        working.push(device)
        lines.push(`${device}: chosen`)
      } catch (error) {
        lines.push(`${device}: not usable, ${firstLine(messageOf(error))}`)
      }
    }
    if (working.length > 0) return { devices: working, lines }
  }
  throw new EngineError(
    `no device can run the model: ${lines.join('; ')}`,
    { code: 'no-device', lines },
    { mend: 'name cpu as the last one, or see in the README what a GPU needs' },
  )
}

/** Runs a tiny graph. @throws whatever onnxruntime throws where the device cannot */
export async function probeDevice(device: DeviceName): Promise<void> {
  const doubled = await runTinyGraph(probeGraph, device)
  if (doubled !== 42) throw new Error(`it computes 21 + 21 = ${doubled}`)
}
