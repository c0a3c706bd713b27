/**
 * What every store, every dead letter and every object store promises, as tests for vitest: for authors of their own.
 * @module
 */
export { databaseConformance } from './database.ts'
export { deadLetterConformance } from './dead-letter.ts'
export { objectsConformance } from './objects.ts'
export { storeConformance } from './store.ts'
