import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './adapters/store/pg/table.ts',
  out: './migrations/pg',
})
