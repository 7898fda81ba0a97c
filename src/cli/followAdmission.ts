import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Miner } from '../miner/miner.ts'
import { admissionOf, admissionSettings } from './admissionSettings.ts'
import type { CommandIo } from './command.ts'
import { watchConfig } from './watchConfig.ts'

export interface FollowAdmissionOptions {
  readonly miner: Pick<Miner, 'configure'>
  readonly config: NonNullable<CommandIo['config']>
  /** The settings that are in force. */
  readonly values: Readonly<Record<string, unknown>>
  readonly log: Log
  readonly isTerminal: boolean
}

/**
 * Gives a miner what changes of `admissionSettings` in its `--config` file, at each change and at SIGHUP. A file that cannot
 * be used is reported, and what was in force stays; other settings that have changed are named, since they need a restart.
 *
 * @returns ends it
 */
export function followAdmission(options: FollowAdmissionOptions): () => void {
  const { miner, config, log } = options
  let values = options.values
  const onChange = (): void => {
    try {
      const next = config.reread().values
      // The settings are those of the command that runs, admissionSettings among them.
      miner.configure(admissionOf(next as Parameters<typeof admissionOf>[0]))
      const changed = Object.keys(next).filter((name) => !isDeepStrictEqual(next[name], values[name]))
      const [live, fixed] = [changed.filter(isLive), changed.filter((name) => !isLive(name))]
      values = next
      log.info({ changed: live }, `${config.path} is read anew`)
      if (fixed.length > 0) log.warn({ changed: fixed }, 'these settings are taken over at the next start only')
    } catch (error) {
      log.error(`${config.path} cannot be used, what was in force stays: ${messageOf(error)}`)
    }
  }
  return watchConfig({ path: config.path, onHangup: !options.isTerminal, onChange })
}

function isLive(name: string): boolean {
  return name in admissionSettings
}
