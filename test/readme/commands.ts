// The commands a README may name, each with where it is run for real. One that is not here fails.
export const commands: Readonly<Record<string, string>> = {
  'npm i edge-audit hono': 'the surface test imports every door from the tarball',
  'npm install edge-audit hono': 'the surface test imports every door from the tarball',
  'npm ci && npm test': '.ci/run and the CI workflow',
  'npm ci': '.ci/run and the CI workflow',
  'npm test': '.ci/run and the CI workflow',
  'npm ci && npm start': 'test/examples and test/browser',
  'npm start': 'test/examples',
  'npm run dev': 'test/examples',
  'npm run build': 'the build step of the test run',
  'npm run bench': 'test/bench',
  'npx edge-audit migrate --url libsql://audit.example.turso.io': 'test/adapters/store/cli.test.ts',
  'npx edge-audit keep --url … --to ./archive --archive-after 90d': 'test/adapters/cli',
  'npx edge-audit hold': 'test/adapters/cli',
  'npx edge-audit migrate': 'test/adapters/store/cli.test.ts',
  'npm i croner': 'the surface test imports every door from the tarball',
}
