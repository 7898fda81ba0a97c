const tags: ReadonlyMap<string, string> = new Map([
  ['<calc>', ''],
  ['</calc>=', ' = '],
])
const anyTag = /<calc>|<\/calc>=/g

/** Text in pieces → the same with calculator calls as people write them: `<calc>140-67</calc>=73` becomes `140-67 = 73`. */
export interface PlainCalls {
  /** What can be shown so far: a piece may end within a tag. */
  add(piece: string): string
  rest(): string
}

export function makePlainCalls(): PlainCalls {
  let held = ''
  return {
    add(piece) {
      const text = held + piece
      const start = text.lastIndexOf('<')
      const last = start < 0 ? '' : text.slice(start)
      held = [...tags.keys()].some((tag) => tag !== last && tag.startsWith(last)) ? last : ''
      return text.slice(0, text.length - held.length).replaceAll(anyTag, (tag) => tags.get(tag)!)
    },
    rest() {
      const text = held
      held = ''
      return text
    },
  }
}
