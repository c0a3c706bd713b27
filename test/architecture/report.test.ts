import { describe, expect, it } from 'vitest'
import { add, none, type Report, settle, summary, tally } from '../support/report.ts'

const report = (...statuses: readonly string[]): Report => ({
  testResults: [
    {
      name: 'a.test.ts',
      status: 'passed',
      assertionResults: statuses.map((status) => ({
        status,
        title: 'prints a page',
        ancestorTitles: ['Chromium'],
      })),
    },
  ],
})

describe('the counts of the test run', () => {
  it('counts each test once', () => {
    expect(tally(report('passed', 'passed', 'failed'), 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
      parts: [],
    })
  })

  it.each(['skipped', 'pending', 'todo', 'disabled'])('names the part of a %s test', (status) => {
    expect(tally(report('passed', status, status), 0)).toEqual({
      passed: 1,
      failed: 0,
      skipped: 2,
      parts: ['Chromium (2)'],
    })
  })

  it('counts a run without tests, and one without a report, as a failure', () => {
    expect(tally(report(), 0).failed).toBe(1)
    expect(tally(undefined, 0).failed).toBe(1)
  })

  it('counts a run that fails outside its tests as a failure', () => {
    expect(tally(report('passed'), 1)).toMatchObject({ passed: 1, failed: 1 })
  })

  it('counts what did not run as failed where everything must', () => {
    const total = tally(report('passed', 'skipped'), 0)
    expect(settle(total, true)).toMatchObject({ passed: 1, failed: 1, skipped: 0 })
    expect(settle(total, false)).toMatchObject({ passed: 1, failed: 0, skipped: 1 })
  })

  it('says the sum in one line that machines read', () => {
    const total = add(tally(report('passed'), 0), { ...none, passed: 1 })
    expect(summary(total)).toBe('2 passed, 0 failed')
    expect(summary({ ...total, skipped: 3 })).toBe('2 passed, 0 failed, 3 skipped')
  })
})
