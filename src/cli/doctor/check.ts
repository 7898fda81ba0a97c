/** One line of the doctor's report. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'missing'
  readonly found: string
  /** The command or deed that helps. */
  readonly mend?: string
  /** Whether `faculty up` cannot do without it. */
  readonly isNeeded: boolean
}

/** Something that is as it should be. */
export function ok(name: string, found: string): Check {
  return { name, state: 'ok', found, isNeeded: false }
}

/** Something that works, or will be in the way one day. */
export function warning(name: string, found: string, mend: string): Check {
  return { name, state: 'warning', found, mend, isNeeded: false }
}

/** Something that `faculty up` needs and does not have. */
export function needed(name: string, found: string, mend: string): Check {
  return { name, state: 'missing', found, mend, isNeeded: true }
}

/** Something that is not there and that not everybody needs. */
export function optional(name: string, found: string, mend: string): Check {
  return { name, state: 'missing', found, mend, isNeeded: false }
}
