import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { WalletError } from './walletError.ts'

/** Where a person can be asked: a keyboard, and a screen for the questions. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** This process's terminal; undefined when either end is a pipe or a file. Questions go to stderr, stdout is for data. */
export function processTerminal(): Terminal | undefined {
  return process.stdin.isTTY && process.stderr.isTTY ? { input: process.stdin, output: process.stderr } : undefined
}

/**
 * Asks for one line with echo off. White space around the answer is dropped, as Bittensor does.
 *
 * @throws WalletError `bad-password` when the person gives up (Ctrl-C, Ctrl-D)
 */
export async function askHidden(question: string, terminal: Terminal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: terminal.input, output: nowhere, terminal: true, historySize: 0 })
  terminal.output.write(question)
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', (line) => resolve(line.trim()))
      lines.once('SIGINT', () => reject(givenUp()))
      lines.once('close', () => reject(givenUp()))
    })
  } finally {
    lines.close()
    terminal.output.write('\n')
  }
}

/** Asks for one line that is shown as it is typed; giving up (Ctrl-C, Ctrl-D) is an empty answer. */
export async function askLine(question: string, terminal: Terminal): Promise<string> {
  const lines = createInterface({ input: terminal.input, output: terminal.output, historySize: 0 })
  try {
    return await new Promise<string>((resolve) => {
      lines.once('SIGINT', () => resolve(''))
      lines.once('close', () => resolve(''))
      lines.question(question, (line) => resolve(line.trim()))
    })
  } finally {
    lines.close()
  }
}

function givenUp(): WalletError {
  return new WalletError('nothing was entered', { code: 'bad-password', source: 'prompt' })
}
