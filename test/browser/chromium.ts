import { existsSync } from 'node:fs'
import process from 'node:process'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const found = [process.env['CHROMIUM'], ...places].find(
  (place) => place !== undefined && existsSync(place),
)

/** Without a Chromium the tests in it are named as left out; on CI they fail. */
export const leftOut = found === undefined && process.env['CI'] !== 'true'

/** For `chromium.launch()`. It uses a new profile each time. */
export const launch = {
  executablePath: found ?? 'chromium',
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}
