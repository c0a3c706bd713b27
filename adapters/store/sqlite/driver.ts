/** A statement of SQL with what to bind to its question marks. */
export interface Statement {
  readonly sql: string
  readonly args: (string | number | null)[]
}

/** What `sqliteStore` asks of a vendor's client. */
export interface SqliteDriver {
  /** Most parameters of one statement. */
  readonly maxParameters: number
  /** Runs a statement that reads; each row comes as the list of its values. */
  read(statement: Statement): Promise<readonly (readonly unknown[])[]>
  /**
   * Runs all statements or none, as a write transaction from its start. Resolves to the rows that they
   * give, as `read` does, one's behind the other's.
   */
  write(
    statements: readonly Statement[],
    signal?: AbortSignal,
  ): Promise<readonly (readonly unknown[])[]>
  close(): Promise<void>
}
