/** What a step of the test run came to. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The parts that did not run here, by name. */
  readonly parts: readonly string[]
}

/** The part of vitest's JSON report that is read. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly title: string
      readonly ancestorTitles: readonly string[]
    }[]
  }[]
}

export const none: Tally = { passed: 0, failed: 0, skipped: 0, parts: [] }

export const add = (one: Tally, other: Tally): Tally => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
  parts: [...one.parts, ...other.parts],
})

/**
 * Counts a report. What is neither passed nor failed was skipped, whatever vitest calls it; a run
 * that failed without a failed test (a file that does not load, a leaked rejection) counts as one
 * failure, and so does a run without any test.
 */
export const tally = (report: Report | undefined, exitCode: number): Tally => {
  const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failed = tests.filter(({ status }) => status === 'failed').length
  const others = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
  const unloaded = report?.testResults.some(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const broken = exitCode !== 0 || tests.length === 0 || unloaded === true
  const parts = Map.groupBy(others, ({ ancestorTitles, title }) => ancestorTitles[0] ?? title)
  return {
    passed,
    failed: failed === 0 && broken ? 1 : failed,
    skipped: others.length,
    parts: [...parts].map(([part, { length }]) => `${part} (${length})`),
  }
}

/** On CI every part can run, so one that did not is a failure. */
export const settle = (total: Tally, everythingMustRun: boolean): Tally =>
  everythingMustRun ? { ...total, failed: total.failed + total.skipped, skipped: 0 } : total

export const summary = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
