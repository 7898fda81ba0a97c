import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeChatPrompt } from '../../../src/engine/chatPrompt.ts'
import { EngineError } from '../../../src/engine/engineError.ts'
import { rowLogits } from '../../../src/engine/rowLogits.ts'
import { calculatorMessage, tellCalculator } from '../../../src/engine/tellCalculator.ts'
import { makeTokenizer } from '../../../src/engine/tokenizer.ts'
import { makeTrace } from '../../../src/engine/traceHash.ts'

const user = (content: string) => [{ role: 'user', content }] as const

describe('makeChatPrompt', () => {
  it('renders the model’s template with its special tokens and the sign that an answer is due', () => {
    const template =
      '{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}'
    const prompt = makeChatPrompt({ chat_template: template, bos_token: { content: '<s>' } }, undefined, 'x')
    expect(prompt(user('hi'))).toEqual({ text: '<s><user>hi<assistant>', addSpecial: false })
  })

  it('prefers the file to the configuration, and of several templates the default one', () => {
    const several = [
      { name: 'tool_use', template: 'tool' },
      { name: 'default', template: 'plain' },
    ]
    expect(makeChatPrompt({ chat_template: several }, undefined, 'x')(user('hi')).text).toBe('plain')
    expect(makeChatPrompt({ chat_template: several }, 'from file', 'x')(user('hi')).text).toBe('from file')
  })

  it('without a template asks as the small models are trained, by the last question', () => {
    const prompt = makeChatPrompt({}, undefined, 'x')
    expect(prompt([...user('first'), { role: 'assistant', content: 'no' }, ...user('second')])).toEqual({
      text: 'Q: second\nW:',
      addSpecial: true,
    })
    expect(() => prompt([{ role: 'system', content: 'be brief' }])).toThrow(EngineError)
  })

  it('names a template that does not parse and messages that it refuses', () => {
    expect(() => makeChatPrompt({ chat_template: '{% if %}' }, undefined, 'here.json')).toThrow(/here\.json/)
    const strict = makeChatPrompt({ chat_template: "{{ raise_exception('user first') }}" }, undefined, 'x')
    expect(() => strict(user('hi'))).toThrow(/user first/)
  })
})

describe('tellCalculator', () => {
  const shown = '{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}'

  it('puts what it says first, together with the request’s own system message', () => {
    const prompt = tellCalculator(makeChatPrompt({ chat_template: shown }, undefined, 'x'), 'x')
    expect(prompt(user('hi')).text).toBe(`[system]${calculatorMessage}[user]hi`)
    const own = prompt([{ role: 'system', content: 'Be brief.' }, ...user('hi')])
    expect(own.text).toBe(`[system]${calculatorMessage}\n\nBe brief.[user]hi`)
  })

  it.each([
    ['ignores', '{% for m in messages %}{% if m.role == "user" %}{{ m.content }}{% endif %}{% endfor %}'],
    ['refuses', '{% if messages[0].role == "system" %}{{ raise_exception("no system role") }}{% endif %}'],
  ])('says how to mend a folder whose template %s system messages', (_, template) => {
    const prompt = makeChatPrompt({ chat_template: template }, undefined, 'x')
    const failure = { code: 'bad-model', path: 'here.json' }
    expect(() => tellCalculator(prompt, 'here.json')).toThrow(
      expect.objectContaining({ failure, mend: expect.stringContaining('leave "calculator" out') }),
    )
  })
})

describe('makeTokenizer', () => {
  const added = (id: number, content: string, special: boolean) => ({
    ...{ id, content, special, single_word: false, lstrip: false, rstrip: false, normalized: false },
  })
  const tokenizer = makeTokenizer(
    JSON.stringify({
      added_tokens: [added(0, '<eos>', true), added(1, '<calc>', true)],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', vocab: { a: 2, b: 3, ab: 4 }, merges: [['a', 'b']] },
    }),
    {},
    'tokenizer.json',
  )

  it('shows the calculator’s tags though they are special, and hides the other special tokens', () => {
    expect(tokenizer.encode('<calc>ab<eos>', false)).toEqual([1, 4, 0])
    expect(tokenizer.decode([1, 4, 0])).toBe('<calc>ab')
  })

  it('ignores ids outside the vocabulary', () => {
    expect(tokenizer.decode([2, 99])).toBe('a')
    expect(tokenizer.idOf('<calc>')).toBe(1)
    expect(tokenizer.idOf('nothing')).toBeUndefined()
  })

  it('encodes what continues a text without what came before', () => {
    expect(tokenizer.encodeAfter('<calc>', 'ab')).toEqual([4])
    // `a` alone is another token than the beginning of `ab`.
    expect(tokenizer.encodeAfter('a', 'b')).toEqual([3])
  })

  it('encodes it without a beginning’s space, though what came before would join it', () => {
    const spaced = makeTokenizer(
      JSON.stringify({
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
        post_processor: null,
        decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
        model: {
          type: 'BPE',
          vocab: { '▁': 0, '>': 1, '=': 2, '>=': 3, '▁=': 4, '4': 5, '\n': 6 },
          merges: [
            ['>', '='],
            ['▁', '='],
          ],
        },
      }),
      {},
      'tokenizer.json',
    )
    expect(spaced.encode('=4', false)).toEqual([4, 5])
    expect(spaced.encode('>=4', false)).toEqual([0, 3, 5])
    expect(spaced.encodeAfter('>', '=4')).toEqual([2, 5])
  })
})

describe('rowLogits', () => {
  it('takes each row’s last position', () => {
    const logits = { type: 'float32', data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), dims: [2, 2, 2] } as const
    expect(rowLogits(logits, 2).map((row) => [...row])).toEqual([
      [3, 4],
      [7, 8],
    ])
  })

  it('reads 16-bit floats: normal, subnormal, zero, infinite and not a number', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x7e00)
    const [read] = rowLogits({ type: 'float16', data: bits, dims: [1, 1, bits.length] }, 1)
    expect([...read!]).toEqual([
      ...[1, -2, 65504, 2 ** -24, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
    ])
  })

  it('refuses another number of rows and an empty vocabulary', () => {
    const logits = { type: 'float32', data: new Float32Array(6), dims: [3, 1, 2] } as const
    expect(() => rowLogits(logits, 2)).toThrow(EngineError)
    expect(() => rowLogits({ type: 'float32', data: new Float32Array(0), dims: [1, 0, 0] }, 1)).toThrow(EngineError)
  })
})

describe('makeTrace', () => {
  it('takes a prompt that fills the longest context in use', () => {
    const promptIds = Array.from({ length: 1_000_000 }, (_, index) => index % 7)
    const bytes = Buffer.concat([
      Buffer.from('faculty-trace/1\0'),
      Buffer.from(Uint32Array.from([promptIds.length, ...promptIds.slice(0, 10)]).buffer),
      Buffer.from(Uint32Array.from(promptIds.slice(10)).buffer),
    ])
    expect(makeTrace(promptIds).digest()).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('is the SHA-256 that its description says', () => {
    const trace = makeTrace([1, 2])
    trace.token(7)
    trace.toolResult('42')
    trace.token(8)
    // printf 'faculty-trace/1\0\2\0\0\0\1\0\0\0\2\0\0\0\7\0\0\0\377\377\377\377\2\0\0\00042\10\0\0\0' | sha256sum
    expect(trace.digest()).toBe('8da0327b7fb2e690a6ce87513eb7531262cd5e82e4c9950eae66b2d390463bb4')
  })
})
