import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./adapters/store/sqlite/table.ts', './adapters/store/sqlite/keep-table.ts'],
  out: './migrations/sqlite',
})
