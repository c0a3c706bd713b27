/**
 * Writes events to a file, as a stream of constant memory: CSV, NDJSON, JSON, OCSF, CloudEvents, ECS.
 * Parquet has a door of its own.
 * @module
 */
export {
  type CloudEvent,
  cloudEvents,
  type CloudEventsOptions,
  toCloudEvent,
} from './cloudevents.ts'
export { csv, type CsvOptions } from './csv.ts'
export { ecs, type EcsDocument, type EcsOptions, toEcs } from './ecs.ts'
export type { Hash } from '../../event/sha256.ts'
export type { StoredEvent } from '../event.ts'
export { type EventExport, type EventOutcome, exportEvents, type ExportQuery } from './events.ts'
export type { ExportChunk, ExportFormat, ExportSource, TrailerOptions, Written } from './format.ts'
export { json } from './json.ts'
export { ndjson } from './ndjson.ts'
export { ocsf, type OcsfEvent, type OcsfOptions, toOcsf } from './ocsf.ts'
export { type Export, type ExportOutcome, exportStream } from './stream.ts'
