/**
 * The tables, for those who let Drizzle's own tools look after them. Triggers are in the migrations alone.
 * @module
 */
export {
  auditArchivedEvents,
  auditArchiveIntents,
  auditArchiveManifests,
  auditHolds,
  auditLeases,
} from './keep-table.ts'
export { auditArchivePass, auditEvents, auditEventTargets } from './table.ts'
