// What the examples use of Deno and Bun. Their own types and those of Node are not made to be loaded
// together; in a project of one runtime they are there, and this file is not needed.

declare const Deno: {
  readonly env: { toObject(): Record<string, string> }
  serve(
    options: { readonly port: number },
    handler: (request: Request, info: object) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> }
}

declare const Bun: {
  readonly env: Record<string, string | undefined>
  serve(options: {
    readonly port: number
    readonly fetch: (request: Request, server: object) => Response | Promise<Response>
  }): { readonly url: URL; stop(): Promise<void> }
}
