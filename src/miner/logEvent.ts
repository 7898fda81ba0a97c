import type { AxonEvent } from '../axon/axonEvent.ts'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'

/** An axon's event as a line: answers that failed are the owner's business, all else is for `--logging.debug`. */
export function logEvent(log: Log, event: AxonEvent): void {
  const { type, ...rest } = event
  // Under the name that it has in the receipt.
  const fields = 'id' in rest ? { ...rest, id: undefined, requestId: rest.id } : rest
  const failed = type === 'unanswered' && event.code === 'failed'
  if ('error' in event && event.error !== undefined) {
    log[failed ? 'error' : 'debug']({ ...fields, error: messageOf(event.error) }, type)
  } else log.debug(fields, type)
}
