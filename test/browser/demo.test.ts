import { mkdir, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDemo } from '../examples/demo.ts'
import { launch, leftOut } from './chromium.ts'

let demo: Awaited<ReturnType<typeof startDemo>>
let browser: Browser
// To be looked at; the next run writes over them.
const screenshots = join(tmpdir(), 'edge-audit-screenshots')

const hostile = `<img src=x onerror="document.title='owned'">`

/** As an attacker sends it, which `fetch` would not. */
const attack = (address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const path = '/invoices/<img/src=x/onerror=alert(1)>?note=<script>alert(2)</script>'
    request(address + '/', { path, headers: { 'user-agent': hostile } }, (response) => {
      response.resume().once('end', resolve)
    })
      .once('error', reject)
      .end()
  })

/** A page of a fresh profile, and all that it complains of. */
const open = async (
  path: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> => {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (failed) => {
    const why = failed.failure()?.errorText ?? 'no reason'
    // A page that is left takes its own requests away, the icon's above all.
    if (why !== 'net::ERR_ABORTED') complaints.push(`failed: ${failed.url()} (${why})`)
  })
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
  await page.goto(demo.address + path)
  return { page, complaints }
}

const idsOf = (page: Page): Promise<readonly string[]> =>
  page
    .locator('tbody a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))

interface Look {
  readonly overflow: number
  readonly background: string
  readonly ink: string
}

// As text, for it runs in the page, whose globals are not those of Node.
const look = `({
  overflow: document.documentElement.scrollWidth - innerWidth,
  background: getComputedStyle(document.body).backgroundColor,
  ink: getComputedStyle(document.body).color,
})`

/** Of a grey or nearly grey colour, `rgb(251, 251, 249)`. */
const lightness = (colour: string): number => Number(/\d+/.exec(colour)?.[0])

describe.skipIf(leftOut)('Chromium', () => {
  beforeAll(async () => {
    demo = await startDemo()
    await attack(demo.address)
    browser = await chromium.launch(launch)
    await mkdir(screenshots, { recursive: true })
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.remove()
  })

  it('shows the newest events, and older ones on the next page, each once', async () => {
    const { page, complaints } = await open('/audit')
    const first = await idsOf(page)
    expect(first).toHaveLength(20)
    expect(await page.locator('.badge.success').count()).toBeGreaterThan(0)
    await page.getByRole('link', { name: 'Older' }).click()
    await page.waitForURL(/next=/)
    const second = await idsOf(page)
    expect(second.length).toBeGreaterThan(0)
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length)
    await page.getByRole('link', { name: 'Newest' }).click()
    await page.waitForURL((url) => !url.searchParams.has('next'))
    expect(await idsOf(page)).toEqual(first)
    expect(complaints).toEqual([])
  })

  it('shows what attackers sent as text', async () => {
    const { page, complaints } = await open('/audit')
    const row = page.locator('tbody tr', { hasText: 'http.get' }).first()
    expect(await row.innerText()).toMatch(
      /GET \/invoices\/(<|%3C)img\/src=x\/onerror=alert\(1\)(>|%3E) 404/,
    )
    await row.getByRole('link').click()
    await page.waitForURL(/\/audit\/.+/)
    expect(
      await page.getByRole('definition').filter({ hasText: 'onerror' }).allInnerTexts(),
    ).toContain(hostile)
    expect(await page.locator('pre').innerText()).toContain('<script>alert(2)</script>')
    expect(await page.locator('main img, main script').count()).toBe(0)
    expect(await page.title()).toBe('http.get')
    expect(complaints).toEqual([])
  })

  it('opens an event with its changes and its record, and the others of its request', async () => {
    const { page, complaints } = await open('/audit?kind=change')
    const link = page.getByRole('link', { name: 'invoice.refund' }).first()
    const id = (await link.getAttribute('href'))?.split('/').at(-1)
    await link.click()
    await page.waitForURL(/\/audit\/.+/)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('invoice.refund')
    expect(await page.getByRole('row', { name: 'status paid refunded' }).count()).toBe(1)
    const record: unknown = JSON.parse(await page.locator('pre').innerText())
    expect(record).toMatchObject({ v: 1, id, kind: 'change', reason: 'damaged on arrival' })
    await page.getByRole('link', { name: 'All events of this request' }).click()
    await page.waitForURL(/request=/)
    const actions = await page.locator('tbody a').allInnerTexts()
    expect(actions.toSorted()).toEqual(['http.post', 'invoice.refund'])
    expect(complaints).toEqual([])
  })

  it('counts the last days, and shows a process with each try at its steps', async () => {
    const { page, complaints } = await open('/audit/summary')
    const row = (name: string) => page.getByRole('row', { name, exact: false }).first().innerText()
    expect(await row('Logins')).toMatch(/^Logins\s+3\s+1\s+2\s+0\s+0$/)
    expect(await page.getByText('1 succeeded, 1 failed').isVisible()).toBe(true)
    await page.screenshot({ path: join(screenshots, 'summary.png'), fullPage: true })
    await page.goto(`${demo.address}/audit?kind=process`)
    await page.getByRole('link', { name: 'order.place' }).first().click()
    await page.waitForURL(/\/audit\/[\da-f-]+$/)
    await page.getByRole('definition').getByRole('link', { name: 'order.place' }).click()
    await page.waitForURL(/processes/)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('succeeded')
    expect(await row('ship')).toMatch(/succeeded\s+2\s+success parcel 1\s.*success parcel 2/s)
    await page.screenshot({ path: join(screenshots, 'process.png'), fullPage: true })
    expect(complaints).toEqual([])
  })

  it('filters by outcome and actor, and says when there is nothing', async () => {
    const { page, complaints } = await open('/audit')
    await page.getByLabel('outcome').selectOption('denied')
    await page.getByLabel('actor').fill('bo')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(/outcome=denied/)
    expect(new Set(await page.locator('.how').allInnerTexts())).toEqual(new Set(['denied']))
    expect(new Set(await page.locator('.who').allInnerTexts())).toEqual(new Set(['Bo Chen\nclerk']))
    await page.getByLabel('actor').fill('nobody')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.waitForURL(/actor=nobody/)
    expect(await page.getByText('Nothing matches this filter.').isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.waitForURL((url) => url.search === '')
    expect(await idsOf(page)).toHaveLength(20)
    expect(complaints).toEqual([])
  })

  it.each([
    ['on a desk', { viewport: { width: 1280, height: 900 } }],
    ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
    ['in the dark', { colorScheme: 'dark' }],
  ] as const)('fits the window %s', async (name, options) => {
    const { page, complaints } = await open('/audit', options)
    const [, link] = await idsOf(page)
    for (const path of ['/audit', link ?? '']) {
      await page.goto(demo.address + path)
      const { overflow, background, ink } = await page.evaluate<Look>(look)
      expect(overflow).toBeLessThanOrEqual(0)
      expect(lightness(background) < lightness(ink)).toBe(name === 'in the dark')
      const file = join(screenshots, `${name} ${path === '/audit' ? 'list' : 'event'}.png`)
      await page.screenshot({ path: file, fullPage: true })
      expect((await stat(file)).size).toBeGreaterThan(5_000)
    }
    expect(complaints).toEqual([])
  })
})
