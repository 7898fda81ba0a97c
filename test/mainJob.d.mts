/** What `faculty up --json` prints, as far as tests look at it. */
export interface MainJobReport {
  readonly endpoint: string
  readonly netuid: number
  readonly epochs: number
  readonly answers: { readonly sent: number; readonly scored: number; readonly failed: number }
  readonly neurons: readonly {
    readonly uid: number
    readonly name: string
    readonly role: string
    readonly answers: number
    readonly incentive: number
  }[]
}

export interface FaultsOptions {
  readonly epochs?: number
  readonly better?: string
  readonly worse?: string
  readonly answersPerMiner?: number
}

export function faultsOf(report: MainJobReport, options?: FaultsOptions): string[]
