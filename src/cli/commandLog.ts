import type { SettingValues } from '../base/config.ts'
import { type Log, makeLog } from '../base/log.ts'
import type { loggingSettings } from './settings.ts'

/** The log of a program that runs on, as `loggingSettings` want it. */
export function commandLog(name: string, values: SettingValues<typeof loggingSettings>): Log {
  return makeLog({
    name,
    debug: values['logging.debug'],
    trace: values['logging.trace'],
    json: values['logging.json'],
    // The log goes there, whatever standard output is.
    isTerminal: process.stderr.isTTY === true,
  })
}
