import { messageOf } from '../base/errors.ts'
import type { DeviceName } from './deviceNames.ts'
import { EngineError } from './engineError.ts'
import { runTinyGraph } from './onnx.ts'
import { probeGraph } from './probeGraph.ts'

export interface ChosenDevice {
  readonly device: DeviceName
  /** One for each device tried, in order; the last one says what was chosen. */
  readonly lines: readonly string[]
}

/**
 * The first device that runs a tiny graph correctly. onnxruntime lists devices whose libraries are missing and does not
 * fall back by itself, so each is tried.
 *
 * @param probe runs the tiny graph on a device; throws where it cannot
 * @throws EngineError `no-device` with a line for each
 * @see facts: dependencies.md, section 3
 */
export async function chooseDevice(
  devices: readonly DeviceName[],
  probe: (device: DeviceName) => Promise<void> = runProbe,
): Promise<ChosenDevice> {
  const lines: string[] = []
  for (const device of devices) {
    try {
      await probe(device)
      return { device, lines: [...lines, `${device}: chosen`] }
    } catch (error) {
      lines.push(`${device}: not usable, ${firstLine(messageOf(error))}`)
    }
  }
  throw new EngineError(
    `no device can run the model: ${lines.join('; ')}`,
    { code: 'no-device', lines },
    { mend: 'name cpu as the last one, or see in the README what a GPU needs' },
  )
}

async function runProbe(device: DeviceName): Promise<void> {
  const doubled = await runTinyGraph(probeGraph, device)
  if (doubled !== 42) throw new Error(`it computes 21 + 21 = ${doubled}`)
}

/** Without the place in onnxruntime's source and the check that failed there, which come first. */
function firstLine(text: string): string {
  return text
    .split('\n')[0]!
    .replace(/^\/.* was false\. /, '')
    .trim()
}
