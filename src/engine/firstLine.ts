/** Of what onnxruntime throws: without the place in its source and the check that failed there, which come first. */
export function firstLine(text: string): string {
  return text
    .split('\n')[0]!
    .replace(/^\/.* was false\. /, '')
    .trim()
}
