import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockOf, DAY } from '../../../../src/read/report/clock.ts'
import { en } from '../../../../src/read/report/words/en.ts'
import { pt } from '../../../../src/read/report/words/pt.ts'

const zones = [
  'UTC',
  'America/Sao_Paulo',
  'Europe/Lisbon',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Casablanca',
] as const

const time = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
} as const

describe('the clock of a report', () => {
  it('tells every time as the platform does, in every zone and language', () => {
    const languages = ['en', 'pt-BR', 'de', 'fi', 'vi', 'ja', 'ar-EG', 'fa']
    fc.assert(
      fc.property(
        fc.constantFrom(...languages),
        fc.constantFrom(...zones),
        fc.array(fc.integer({ min: 0, max: 4_102_444_800_000 }), { minLength: 1 }),
        (language, timeZone, times) => {
          const clock = clockOf(language, timeZone, en.dates)
          const format = new Intl.DateTimeFormat(language, { ...en.dates, ...time, timeZone })
          for (const at of times)
            expect(clock.time(at).replace(/ \(UTC.*\)$/, '')).toBe(format.format(at))
        },
      ),
    )
  })

  it('tells times around every change of a clock', () => {
    // Lisbon 2026: on March 29 and October 25, at 01:00 UTC.
    const clock = clockOf('en', 'Europe/Lisbon', en.dates)
    const spring = Date.UTC(2026, 2, 29, 1)
    expect(clock.time(spring - 1)).toBe('Mar 29, 2026, 00:59:59.999')
    expect(clock.time(spring)).toBe('Mar 29, 2026, 02:00:00.000')
    const autumn = Date.UTC(2026, 9, 25, 1)
    expect(clock.time(autumn - 3_600_001)).toBe('Oct 25, 2026, 00:59:59.999')
    expect(clock.time(autumn - 1)).toBe('Oct 25, 2026, 01:59:59.999 (UTC+01:00)')
    expect(clock.time(autumn)).toBe('Oct 25, 2026, 01:00:00.000 (UTC+00:00)')
    expect(clock.time(autumn + 3_600_000)).toBe('Oct 25, 2026, 02:00:00.000')
  })

  it('tells the days of a zone', () => {
    const at = Date.UTC(2026, 0, 1, 2)
    const paulo = clockOf('pt-BR', 'America/Sao_Paulo', pt.dates)
    expect(paulo.time(at)).toBe('31/12/2025, 23:00:00,000')
    expect(paulo.date(paulo.dayOf(at))).toBe('31/12/2025')
    expect(paulo.isMidnight(at + 3_600_000)).toBe(true)
    expect(paulo.offset(at)).toBe('UTC-03:00')
    expect(clockOf('en', 'UTC', en.dates).dayOf(at)).toBe(at / DAY - 2 / 24)
  })

  it('takes whatever time there may be', () => {
    const clock = clockOf('en', 'Asia/Kolkata', en.dates)
    for (const at of [8.64e15, -8.64e15, 0, -1, 1.5e15]) expect(clock.time(at)).toMatch(/\d/)
    expect(clock.time(Number.NaN)).toBe('NaN')
  })

  it('asks the platform for each day and each few hours, and not for each row', () => {
    const clock = clockOf('pt-BR', 'America/Sao_Paulo', pt.dates)
    const { prototype } = Intl.DateTimeFormat
    const real = Object.getOwnPropertyDescriptor(prototype, 'format')
    let times = 0
    const get = function (this: Intl.DateTimeFormat): unknown {
      times += 1
      return real?.get?.call(this)
    }
    Object.defineProperty(prototype, 'format', { ...real, get })
    // Nine days.
    for (let row = 0; row < 10_000; row += 1) clock.time(1_767_225_600_000 + row * 77_777)
    Object.defineProperty(prototype, 'format', { ...real })
    expect(times).toBeGreaterThan(9)
    expect(times).toBeLessThan(70)
  })
})
