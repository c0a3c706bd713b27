export type ReportKind = 'process' | 'activity' | 'access' | 'logins' | 'changes' | 'system'

export const reportKinds: Readonly<Record<ReportKind, true>> = {
  process: true,
  activity: true,
  access: true,
  logins: true,
  changes: true,
  system: true,
}
