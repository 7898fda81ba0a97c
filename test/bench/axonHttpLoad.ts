// The caller of axonHttp.ts, in a process of its own: a round each time it is asked, and how many replies came.
import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { pairFromUri } from '../../src/keys/derive.ts'
import * as sr25519 from '../../src/keys/sr25519.ts'
import { btauthText, writeBtauthHeaders } from '../../src/wire/bittensor/btauth.ts'
import type { HttpLoad } from './axonHttp.ts'

const { port, axon, roundMs } = JSON.parse(process.argv[2]!) as HttpLoad
const connections = 16
/** More than an axon on one thread answers in a round. */
const requestsPerRound = Math.ceil(roundMs * 8)
const target = '/FacultyChat'
const body = JSON.stringify({ domain: 'law', messages: [{ role: 'user', content: 'x'.repeat(600) }], max_tokens: 256 })
const bodySha256 = createHash('sha256').update(body).digest('hex')
const caller = await pairFromUri('//Bob')
let lastNonce = 0n

let requests: string[] = []

process.on('message', (word) => {
  if (word === 'prepare') {
    requests = Array.from({ length: requestsPerRound }, signed)
    process.send!('ready')
  } else round().then((replies) => process.send!(replies))
})

/** @returns how many replies came */
async function round(): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: connections }, open))
  const startMs = performance.now()
  let replies = 0
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() - startMs < roundMs) {
        const request = requests.pop()
        if (request === undefined) throw new Error('there were too few requests for a round')
        await turn(socket, request)
        replies++
      }
    }),
  )
  for (const socket of sockets) socket.destroy()
  return replies
}

function signed(): string {
  const now = BigInt(Date.now()) * 1_000_000n
  lastNonce = now > lastNonce ? now : lastNonce + 1n
  const line = { scheme: 'sr25519', method: 'POST', target } as const
  const parts = { ...line, bodySha256, nonce: `${lastNonce}`, hotkey: caller.address, receiver: axon }
  const signature = Buffer.from(sr25519.sign(caller, Buffer.from(btauthText(parts)))).toString('hex')
  const headers = Object.entries(writeBtauthHeaders(parts, signature)).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n${headers.join('')}\r\n${body}`
}

async function open(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

/** A reply is whole when its last brace has come; it is one piece on this machine but for the odd time. */
function turn(socket: Socket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      if (!text.endsWith('}')) return
      socket.off('data', onData)
      if (text.startsWith('HTTP/1.1 200 OK')) resolve()
      else reject(new Error(text))
    }
    socket.on('data', onData)
    socket.write(request)
  })
}
