import type { Operation } from './operation.ts'
import { exporting, listing, noted, ofId, ofTenant, type Shape, summing } from './parameters.ts'
import * as schemas from './schemas.ts'

/** Keeps what the compiler knows of it. */
const operation = <const Path extends string, const Ids extends Shape, const Query extends Shape>(
  one: Operation<Path, Ids, Query>,
): Operation<Path, Ids, Query> => one

const list = { method: 'GET', action: 'list', ids: {} } as const
const read = { method: 'GET', action: 'read' } as const

/** All routes. */
export const operations = {
  events: operation({
    ...list,
    path: '/events',
    name: 'listEvents',
    summary: 'Events, a page at a time',
    reads: { kind: 'list', type: 'audit.event' },
    query: listing,
    answer: schemas.pageOf('events', schemas.event),
    lines: schemas.event,
  }),
  event: operation({
    ...read,
    path: '/events/:id',
    name: 'getEvent',
    summary: 'One event, with the others of its request',
    reads: { kind: 'view', type: 'audit.event' },
    ids: ofId,
    query: {},
    answer: schemas.eventWithNeighbours,
  }),
  summary: operation({
    ...list,
    path: '/summary',
    name: 'getSummary',
    summary: 'What happened in a span of time, by default the last 30 days',
    reads: { kind: 'list', type: 'audit.summary' },
    query: summing,
    answer: schemas.summary,
  }),
  process: operation({
    ...read,
    path: '/processes/:id',
    name: 'getProcess',
    summary: 'A process, as all its events make it',
    reads: { kind: 'view', type: 'audit.process' },
    ids: ofId,
    query: ofTenant,
    answer: schemas.process,
  }),
  issue: operation({
    ...read,
    path: '/issues/:id',
    name: 'getIssue',
    summary: 'An issue, as all its events make it',
    reads: { kind: 'view', type: 'audit.issue' },
    ids: ofId,
    query: ofTenant,
    answer: schemas.issue,
  }),
  resolve: operation({
    method: 'POST',
    action: 'resolve',
    path: '/issues/:id/resolve',
    name: 'resolveIssue',
    summary: 'Says that an issue is resolved',
    reads: { kind: 'resolve', type: 'audit.issue' },
    ids: ofId,
    query: ofTenant,
    body: noted,
    answer: schemas.issue,
  }),
  reopen: operation({
    method: 'POST',
    action: 'resolve',
    path: '/issues/:id/reopen',
    name: 'reopenIssue',
    summary: 'Opens an issue again',
    reads: { kind: 'resolve', type: 'audit.issue' },
    ids: ofId,
    query: ofTenant,
    body: noted,
    answer: schemas.issue,
  }),
  exported: operation({
    ...read,
    path: '/exports/:id',
    name: 'getExport',
    summary: 'An export, with its downloads',
    reads: { kind: 'view', type: 'audit.export' },
    ids: ofId,
    query: ofTenant,
    answer: schemas.exported,
  }),
  export: operation({
    method: 'GET',
    action: 'export',
    path: '/export',
    name: 'exportEvents',
    summary: 'Events as a file, streamed',
    reads: { kind: 'export', type: 'audit.event' },
    ids: {},
    query: exporting,
  }),
  stats: operation({
    ...read,
    path: '/stats',
    name: 'getStats',
    summary: 'How delivering events goes',
    reads: { kind: 'view', type: 'audit.stats' },
    ids: {},
    query: {},
    answer: schemas.stats,
  }),
  openapi: operation({
    ...read,
    path: '/openapi.json',
    name: 'getDocument',
    summary: 'This document',
    reads: { kind: 'view', type: 'audit.openapi' },
    ids: {},
    query: {},
    answer: schemas.document,
  }),
} as const
