export interface InstallPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  /** `process.platform` and `process.arch`, as `linux/x64`. */
  readonly platform: string
  /** Where this package lies. */
  readonly folder: string
}

/** What is about to go wrong, or undefined. `reach` rejects where the address does not answer. */
export function problemOf(where: InstallPlace, reach: (url: string) => Promise<unknown>): Promise<string | undefined>
