import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './adapters/store/sqlite/table.ts',
  out: './migrations/sqlite',
})
