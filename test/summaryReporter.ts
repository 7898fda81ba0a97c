import type { Reporter, TestModule } from 'vitest/node'

/** Prints `N passed, N failed` alone on the last line, so that scripts need not parse a reporter's layout. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      let failedTests = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        if (state === 'failed') failedTests++
      }
      // A file that could not be collected, or whose hook failed, holds no failed test of its own.
      failed += module.state() === 'failed' ? Math.max(1, failedTests) : failedTests
    }
    process.once('exit', () => process.stdout.write(`\n${passed} passed, ${failed} failed\n`))
  }
}
