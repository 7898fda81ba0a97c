// Asks one axon by HTTP with our dendrite, for the scenarios in Python: `node ask.mjs JSON`, see `ask_axon` in faculty.py.
import { HttpDendrite } from '../../dist/src/dendrite/httpDendrite.js'
import { pairFromUri } from '../../dist/src/keys/derive.js'
import { localSigner } from '../../dist/src/keys/signer.js'

const { dialect, port, hotkey, text, streamed, uri, timeoutMs } = JSON.parse(process.argv[2])
const signer = localSigner(await pairFromUri(uri))
const dendrite = new HttpDendrite({ signer, genesis: `0x${'00'.repeat(32)}`, netuid: 1 })
const request = { messages: [{ role: 'user', content: text }], maxTokens: 32, temperature: 0.5, seed: 7 }
const target = { host: '127.0.0.1', port, hotkey, dialect }
const options = { domain: 'law', timeoutMs }
const texts = []
const result = { texts, caller: signer.address }
try {
  if (streamed) {
    for await (const event of dendrite.ask(target, request, options)) {
      if (event.type === 'text') texts.push(event.text)
      else result.answer = event.answer
    }
  } else result.answer = await dendrite.askOnce(target, request, options)
} catch (error) {
  result.error = { message: error.message, ...error.failure }
}
await dendrite.close()
console.log(JSON.stringify(result))
