/**
 * Everything that an axon may refuse, one row each: whether it ends the session (the WebSocket close code, 4000 to 4999
 * are the application's), whether the same thing may succeed if tried again later, and what the peer is told.
 */
export const wireErrors = {
  // A frame that cannot be read. 1003, 1007 and 1009 are the WebSocket protocol's own codes (RFC 6455, 7.4.1).
  'binary-frame': { close: 1003, retry: false, text: 'send JSON text frames, not binary ones' },
  'bad-encoding': { close: 1007, retry: false, text: 'send UTF-8' },
  oversize: { close: 1009, retry: false, text: 'the frame or hello is longer than the limit' },
  'bad-frame': { close: 1002, retry: false, text: 'the frame breaks the WebSocket protocol' },
  'too-deep': { close: 4001, retry: false, text: 'the JSON is nested too deeply' },
  'not-json': { close: 4002, retry: false, text: 'the frame is not JSON' },
  'bad-message': { close: undefined, retry: false, text: 'the message does not have the form of its type' },
  // The hello, in the order in which it is checked.
  'hello-timeout': { close: 4010, retry: true, text: 'no hello came in time' },
  'hello-expected': { close: 4011, retry: false, text: 'the first message must be a hello' },
  'wrong-protocol': { close: 4012, retry: false, text: 'this protocol version is not spoken here' },
  'wrong-axon': { close: 4013, retry: false, text: 'the hello names another axon' },
  'wrong-network': { close: 4014, retry: false, text: 'the hello names another chain or subnet' },
  'stale-hello': { close: 4015, retry: true, text: 'the time of the hello is too far from the time here' },
  'wrong-channel': { close: 4016, retry: false, text: 'the hello was made for another TLS session' },
  'unknown-hotkey': { close: 4017, retry: true, text: 'this hotkey is not registered in the subnet' },
  'low-stake': { close: 4018, retry: true, text: 'this hotkey has too little stake' },
  'no-permit': { close: 4023, retry: true, text: 'this hotkey has no validator permit' },
  denied: { close: 4019, retry: false, text: 'this hotkey is not served here' },
  'too-many-sessions': { close: 4020, retry: true, text: 'this hotkey has too many sessions open' },
  'bad-signature': { close: 4021, retry: false, text: "the hello's signature is not the hotkey's" },
  unavailable: { close: 4022, retry: true, text: 'this axon cannot tell now whether it serves this hotkey' },
  // A session that is over.
  'slow-reader': { close: 4030, retry: true, text: 'answers are not being read' },
  flood: { close: 4031, retry: true, text: 'too many messages that do no work' },
  silent: { close: 4032, retry: true, text: 'nothing was heard for too long' },
  idle: { close: 4033, retry: true, text: 'nothing was asked for too long' },
  draining: { close: 4034, retry: true, text: 'this axon is going away' },
  // One ask.
  'duplicate-id': { close: undefined, retry: false, text: 'an ask with this id is in flight' },
  'unknown-id': { close: undefined, retry: false, text: 'no ask with this id is in flight in this session' },
  'unknown-domain': { close: undefined, retry: false, text: 'this domain is not served here' },
  'bad-request': { close: undefined, retry: false, text: 'the model cannot take this request' },
  busy: { close: undefined, retry: true, text: 'all places are taken' },
  'rate-limited': { close: undefined, retry: true, text: 'this hotkey asks more often than it may' },
  deadline: { close: undefined, retry: true, text: 'the deadline passed before the answer was complete' },
  cancelled: { close: undefined, retry: true, text: 'the ask was cancelled' },
  failed: { close: undefined, retry: true, text: 'the miner failed to answer' },
  // One HTTP request, in the order in which it is checked.
  pipelined: { close: undefined, retry: false, text: 'wait for the reply before you send the next request' },
  'no-such-path': { close: undefined, retry: false, text: 'nothing is served under this path' },
  'bad-headers': { close: undefined, retry: false, text: 'a header is missing or malformed' },
  'no-receiver': { close: undefined, retry: false, text: 'the request must name the axon that it is for' },
  unsigned: { close: undefined, retry: false, text: 'the request is not signed' },
  'stale-nonce': {
    close: undefined,
    retry: true,
    text: 'the request is too old, or older than the start of this axon',
  },
  'future-nonce': { close: undefined, retry: false, text: 'the request was made in the future' },
  replayed: { close: undefined, retry: false, text: 'this request was taken before' },
  'too-many-nonces': { close: undefined, retry: true, text: 'too many requests in a short time' },
  'altered-body': { close: undefined, retry: false, text: 'the body is not the one that was signed' },
  'unprotected-body': { close: undefined, retry: false, text: 'the signature does not cover the body' },
  'named-caller': { close: undefined, retry: false, text: 'the body names another caller than the headers' },
} as const satisfies Record<string, { close: number | undefined; retry: boolean; text: string }>

export type WireErrorCode = keyof typeof wireErrors

export const wireErrorCodes = Object.keys(wireErrors) as [WireErrorCode, ...WireErrorCode[]]

const codeOfClose: ReadonlyMap<number, WireErrorCode> = new Map(
  wireErrorCodes.flatMap((code) => {
    const { close } = wireErrors[code]
    return close === undefined ? [] : [[close, code] as const]
  }),
)

/** The failure behind a WebSocket close code; undefined for a plain close (1000, 1001) and for unknown codes. */
export function errorOfClose(close: number): WireErrorCode | undefined {
  return codeOfClose.get(close)
}
