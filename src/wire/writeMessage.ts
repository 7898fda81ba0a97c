import type { AxonMessage, DoneMessage } from './axonMessage.ts'
import type { AskMessage, CallerMessage } from './callerMessage.ts'
import type { Seal } from './receipt.ts'

// Frames as text. The two messages that come with every question are put together by hand, in half the time of
// JSON.stringify; their fields beside the free texts hold no character that JSON would escape (`fields.ts`).

export function writeCallerMessage(message: CallerMessage): string {
  return message.type === 'ask' ? writeAsk(message) : JSON.stringify(message)
}

export function writeAxonMessage(message: AxonMessage): string {
  return message.type === 'done' ? writeDone(message) : JSON.stringify(message)
}

function writeAsk({ id, domain, request, deadlineMs, receipt }: AskMessage): string {
  const option = receipt === undefined ? '' : `,"receipt":${receipt}`
  const body = JSON.stringify(request)
  return `{"type":"ask","id":"${id}","domain":"${domain}","request":${body},"deadlineMs":${deadlineMs}${option}}`
}

function writeDone(done: DoneMessage): string {
  const text = done.text === undefined ? '' : `,"text":${JSON.stringify(done.text)}`
  const confidence = done.confidence === undefined ? '' : `,"confidence":${done.confidence}`
  const receipt = done.receipt === undefined ? '' : `,"receipt":${writeSeal(done.receipt)}`
  return (
    `{"type":"done","id":"${done.id}"${text},"reason":"${done.reason}","promptTokens":${done.promptTokens},` +
    `"completionTokens":${done.completionTokens}${confidence},"traceHash":"${done.traceHash}"${receipt}}`
  )
}

function writeSeal({ requestHash, settingsHash, modelFingerprint, answerHash, issuedAtMs, signature }: Seal): string {
  return (
    `{"requestHash":"${requestHash}","settingsHash":"${settingsHash}","modelFingerprint":"${modelFingerprint}",` +
    `"answerHash":"${answerHash}","issuedAtMs":${issuedAtMs},"signature":"${signature}"}`
  )
}
