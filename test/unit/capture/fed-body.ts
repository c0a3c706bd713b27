export const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** A body that the test feeds, and that says what became of it. */
export const fedBody = () => {
  const seen: { pulls: number; cancelled?: unknown } = { pulls: 0 }
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given
      },
      pull: () => {
        seen.pulls += 1
      },
      cancel: (reason) => {
        seen.cancelled = reason
      },
    },
    { highWaterMark: 0 },
  )
  return {
    body,
    seen,
    send: (text: string) => controller?.enqueue(bytes(text)),
    end: () => controller?.close(),
    fail: (error: unknown) => controller?.error(error),
  }
}
