// Node's half of sdk10/test_timelock.py: `lock ROUND HEX` locks a message for a round of quicknet, `open SIGNATURE HEX`
// opens a ciphertext. Prints hexadecimals.
import { quicknet } from '../../dist/src/timelock/beacon.js'
import { openTimelock, timelock } from '../../dist/src/timelock/timelock.js'

const [action, by, hex] = process.argv.slice(2)
const bytes = Buffer.from(hex, 'hex')
const answer =
  action === 'lock'
    ? timelock(bytes, { publicKey: quicknet.publicKey, round: BigInt(by) })
    : openTimelock(bytes, Buffer.from(by, 'hex'))
console.log(Buffer.from(answer).toString('hex'))
