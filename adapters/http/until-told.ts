/** The stream, whose end, however it comes, waits until `told` has settled. */
export const untilTold = (
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  told: Promise<unknown>,
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            controller.enqueue(value)
            return
          }
        } catch (error) {
          await told
          throw error
        }
        await told
        controller.close()
      },
      cancel: async (reason) => {
        await reader.cancel(reason)
        await told
      },
    },
    { highWaterMark: 0 },
  )
}
