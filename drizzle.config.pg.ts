import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./adapters/store/pg/table.ts', './adapters/store/pg/keep-table.ts'],
  out: './migrations/pg',
})
