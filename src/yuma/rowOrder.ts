/** Whether columns `from` to `to - 1` rise strictly, as in nearly every stored row; others need a dense row. */
export function isAscending(column: Uint16Array, from: number, to: number): boolean {
  for (let k = from + 1; k < to; k++) {
    if (column[k - 1]! >= column[k]!) return false
  }
  return true
}
