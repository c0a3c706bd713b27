/**
 * What every store and every dead letter promises, as tests for vitest: for authors of their own.
 * @module
 */
export { databaseConformance } from './database.ts'
export { deadLetterConformance } from './dead-letter.ts'
export { storeConformance } from './store.ts'
